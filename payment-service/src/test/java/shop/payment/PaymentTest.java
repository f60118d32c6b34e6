package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import shop.common.money.Money;

class PaymentTest {

  private static final UUID ORDER = UUID.randomUUID();
  private static final UUID CUSTOMER = UUID.randomUUID();
  private static final Money AMOUNT = new Money(100, "EUR");
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = FIRST.plusSeconds(1);

  @Test
  void firstIntentOfTheLogStays() {
    var payment = Payment.apply(null, ORDER, started("pi_1", 1), FIRST);

    assertThat(Payment.apply(payment, ORDER, started("pi_2", 2), LATER)).isSameAs(payment);
    assertThat(payment.requireIntent().id()).isEqualTo("pi_1");
    assertThat(payment.isFinal()).isFalse();
  }

  @Test
  void firstResultOfTheLogStays() {
    var started = Payment.apply(null, ORDER, started("pi_1", 1), FIRST);
    var captured =
        Payment.apply(started, ORDER, new PaymentEvent.Captured(CUSTOMER, "pi_1", AMOUNT), LATER);

    var again =
        Payment.apply(
            captured,
            ORDER,
            new PaymentEvent.Declined(CUSTOMER, "pi_1", AMOUNT, "late"),
            LATER.plusSeconds(1));

    assertThat(again).isSameAs(captured);
    assertThat(captured.status()).isEqualTo(PaymentStatus.CAPTURED);
    assertThat(captured.decidedAt()).isEqualTo(LATER);
  }

  @Test
  void declineKeepsItsReason() {
    var started = Payment.apply(null, ORDER, started("pi_1", 1), FIRST);
    var declined =
        Payment.apply(
            started,
            ORDER,
            new PaymentEvent.Declined(CUSTOMER, "pi_1", AMOUNT, "expired_card"),
            LATER);

    assertThat(declined.status()).isEqualTo(PaymentStatus.DECLINED);
    assertThat(declined.reason()).isEqualTo("expired_card");
    assertThat(declined.isFinal()).isTrue();
  }

  @Test
  void voidBeforeAnyStartStays() {
    var voided = fold(new PaymentEvent.Voided(CUSTOMER, null), started("pi_1", 1));

    assertThat(voided.status()).isEqualTo(PaymentStatus.VOIDED);
    assertThat(voided.intent()).isNull();
    assertThat(voided.captured()).isEmpty();
  }

  @Test
  void voidWithoutAnIntentHasNoEffectAfterAStart() {
    var payment = fold(started("pi_1", 1), new PaymentEvent.Voided(CUSTOMER, null));

    assertThat(payment.status()).isEqualTo(PaymentStatus.STARTED);
  }

  @Test
  void voidOfAnotherIntentHasNoEffect() {
    var payment = fold(started("pi_1", 1), new PaymentEvent.Voided(CUSTOMER, "pi_2"));

    assertThat(payment.status()).isEqualTo(PaymentStatus.STARTED);
  }

  @Test
  void declinedPaymentCanBeVoidedButNotCharged() {
    var declined = new PaymentEvent.Declined(CUSTOMER, "pi_1", AMOUNT, "expired_card");
    var payment = fold(started("pi_1", 1), declined, captured(), voided());

    assertThat(payment.status()).isEqualTo(PaymentStatus.VOIDED);
    assertThat(payment.reason()).isEqualTo("expired_card");
  }

  @Test
  void declineWithoutAnIntentIsFinalAndNoLaterStartCounts() {
    var payment = fold(refused(), started("pi_1", 1));

    assertThat(payment.status()).isEqualTo(PaymentStatus.DECLINED);
    assertThat(payment.intent()).isNull();
    assertThat(payment.reason()).isEqualTo("resource_missing");
    assertThat(payment.amount()).isEqualTo(AMOUNT);
    assertThat(payment.events()).containsExactly(refused());
  }

  @Test
  void declineWithoutAnIntentHasNoEffectAfterAStart() {
    var payment = fold(started("pi_1", 1), refused());

    assertThat(payment.status()).isEqualTo(PaymentStatus.STARTED);
  }

  @Test
  void declineWithoutAnIntentCanBeVoided() {
    var payment = fold(refused(), new PaymentEvent.Voided(CUSTOMER, null));

    assertThat(payment.status()).isEqualTo(PaymentStatus.VOIDED);
    assertThat(payment.events())
        .containsExactly(refused(), new PaymentEvent.Voided(CUSTOMER, null));
  }

  @Test
  void chargeCannotBeVoided() {
    assertThat(fold(started("pi_1", 1), captured(), voided()).status())
        .isEqualTo(PaymentStatus.CAPTURED);
  }

  @Test
  void refundThatExceedsTheRefundableAmountIsRefusedInLogOrder() {
    UUID large = UUID.randomUUID();
    UUID larger = UUID.randomUUID();

    var payment = fold(started("pi_1", 1), captured(), refund(large, 1, 60), refund(larger, 1, 50));

    assertThat(payment.refund(large).orElseThrow().status()).isEqualTo(Refund.Status.STARTED);
    assertThat(payment.refund(larger).orElseThrow().status()).isEqualTo(Refund.Status.REFUSED);
    assertThat(payment.refundable()).isEqualTo(new Money(40, "EUR"));
  }

  @Test
  void refundOfAnUnchargedPaymentIsRefused() {
    UUID id = UUID.randomUUID();

    assertThat(fold(started("pi_1", 1), refund(id, 1, 1)).refund(id).orElseThrow().status())
        .isEqualTo(Refund.Status.REFUSED);
  }

  @Test
  void failedRefundReleasesItsAmountAndIsNotRetried() {
    UUID id = UUID.randomUUID();
    var failed =
        new PaymentEvent.RefundFailed(CUSTOMER, "pi_1", id, new Money(60, "EUR"), "lost_card");

    var payment =
        fold(started("pi_1", 1), captured(), refund(id, 1, 60), failed, refund(id, 2, 60));

    assertThat(payment.refund(id).orElseThrow().status()).isEqualTo(Refund.Status.FAILED);
    assertThat(payment.refundable()).isEqualTo(AMOUNT);
  }

  @Test
  void succeededRefundTakesEffectAfterAFailure() {
    UUID id = UUID.randomUUID();
    var sum = new Money(60, "EUR");

    var payment =
        fold(
            started("pi_1", 1),
            captured(),
            refund(id, 1, 60),
            new PaymentEvent.RefundFailed(CUSTOMER, "pi_1", id, sum, "discarded"),
            new PaymentEvent.Refunded(CUSTOMER, "pi_1", id, "re_1", sum));

    assertThat(payment.refunded()).contains(sum);
    assertThat(payment.refundable()).isEqualTo(new Money(40, "EUR"));
  }

  @Test
  void refundThatFailedLaterReleasesItsAmountAndStaysFailed() {
    UUID id = UUID.randomUUID();
    var sum = new Money(60, "EUR");
    var refunded = new PaymentEvent.Refunded(CUSTOMER, "pi_1", id, "re_1", sum);
    var later = new PaymentEvent.RefundFailedLater(CUSTOMER, "pi_1", id, "re_1", sum, "lost_card");

    // Several instances may log the success, and one of them after the failure.
    var payment =
        fold(started("pi_1", 1), captured(), refund(id, 1, 60), refunded, later, refunded, later);

    var refund = payment.refund(id).orElseThrow();
    assertThat(refund.status()).isEqualTo(Refund.Status.FAILED_LATER);
    assertThat(refund.isFinal()).isTrue();
    assertThat(payment.refunded()).contains(new Money(0, "EUR"));
    assertThat(payment.refundable()).isEqualTo(AMOUNT);
    assertThat(payment.events())
        .containsExactly(started("pi_1", 1), captured(), refund(id, 1, 60), refunded, later);
  }

  @Test
  void lateFailureOfAnotherRefundOfThePspHasNoEffect() {
    UUID id = UUID.randomUUID();
    var sum = new Money(60, "EUR");

    var payment =
        fold(
            started("pi_1", 1),
            captured(),
            refund(id, 1, 60),
            new PaymentEvent.Refunded(CUSTOMER, "pi_1", id, "re_1", sum),
            new PaymentEvent.RefundFailedLater(CUSTOMER, "pi_1", id, "re_2", sum, "lost_card"));

    assertThat(payment.refunded()).contains(sum);
  }

  @Test
  void attemptOfARefundOnlyIncreases() {
    UUID id = UUID.randomUUID();

    var payment =
        fold(
            started("pi_1", 1),
            captured(),
            refund(id, 1, 60),
            refund(id, 3, 60),
            refund(id, 2, 60));

    assertThat(payment.refunds()).hasSize(1);
    assertThat(payment.refund(id).orElseThrow().attempt()).isEqualTo(3);
  }

  private static Payment fold(PaymentEvent... events) {
    Payment payment = null;
    for (var event : events) {
      payment = Payment.apply(payment, ORDER, event, FIRST);
    }
    return payment;
  }

  private static PaymentEvent refused() {
    return new PaymentEvent.Declined(CUSTOMER, null, AMOUNT, "resource_missing");
  }

  private static PaymentEvent captured() {
    return new PaymentEvent.Captured(CUSTOMER, "pi_1", AMOUNT);
  }

  private static PaymentEvent voided() {
    return new PaymentEvent.Voided(CUSTOMER, "pi_1");
  }

  private static PaymentEvent refund(UUID id, int attempt, long amount) {
    return new PaymentEvent.RefundStarted(CUSTOMER, "pi_1", id, attempt, new Money(amount, "EUR"));
  }

  private static PaymentEvent started(String intent, int attempt) {
    return new PaymentEvent.Started(CUSTOMER, intent, attempt, AMOUNT);
  }
}

package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import shop.common.id.Uuids;
import shop.common.money.Money;

/** Cancels and discards when the PSP rejects refunds or somebody refunds in its dashboard. */
class RefundOnCancelTest {

  private static final PaymentTask.Pay PAY =
      new PaymentTask.Pay(
          UUID.randomUUID(), UUID.randomUUID(), new Money(100, "EUR"), "pm_card_visa");
  private static final PaymentTask.Cancel CANCEL =
      new PaymentTask.Cancel(PAY.orderId(), PAY.customerId());
  private static final PaymentTask.Refund PARTIAL_REFUND =
      new PaymentTask.Refund(
          PAY.orderId(), PAY.customerId(), UUID.randomUUID(), new Money(30, "EUR"));
  private static final UUID FIRST = Canceller.refundId(PAY.orderId());
  private static final UUID SECOND = Uuids.v5(PAY.orderId(), "cancel/2");
  private static final UUID THIRD = Uuids.v5(PAY.orderId(), "cancel/3");

  private Runnable meanwhile = () -> {};
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final InMemoryPayments payments = new InMemoryPayments(clock);
  private final SimulatedPsp psp =
      new SimulatedPsp(new Random(1), this::runMeanwhile, clock, false, 0);
  private final Refunder refunder = new Refunder(payments, psp, clock);
  private final PaymentTaskHandler handler =
      new PaymentTaskHandler(
          payments, new Payer(payments, psp), new Canceller(payments, psp, refunder), refunder);

  @Test
  void cancelWhoseRefundThePspRejectsFails() {
    handler.execute(PAY, 1);
    psp.rejectsRefunds = true;

    assertThatThrownBy(() -> handler.execute(CANCEL, 1))
        .isInstanceOf(ProviderFailure.Rejected.class)
        .hasMessageContaining("(charge_disputed)")
        .hasMessageContaining("by hand");

    assertThat(payment().refunds()).extracting(Refund::id).containsExactly(FIRST);
    assertThat(status(FIRST)).isEqualTo(Refund.Status.FAILED);
  }

  @Test
  void everyRetryOfARefusedCancelRequestsOneRefund() {
    handler.execute(PAY, 1);
    psp.rejectsRefunds = true;

    for (int attempt : new int[] {1, 1001, 2001}) {
      assertThatThrownBy(() -> handler.execute(CANCEL, attempt))
          .isInstanceOf(ProviderFailure.Rejected.class);
    }

    assertThat(payment().refunds()).extracting(Refund::id).containsExactly(FIRST, SECOND, THIRD);
    assertThat(psp.refused).isEqualTo(3);
  }

  @Test
  void refundThatFailedLaterIsLoggedWhenTheRefundsAreRetrieved() {
    handler.execute(PAY, 1);
    handler.execute(PARTIAL_REFUND, 1);
    psp.failLater("re_1");

    handler.execute(CANCEL, 1);

    var refund = payment().refund(PARTIAL_REFUND.refundId()).orElseThrow();
    assertThat(refund.status()).isEqualTo(Refund.Status.FAILED_LATER);
    assertThat(refund.reason()).isEqualTo("expired_or_canceled_card");
    assertThat(refund.pspId()).isEqualTo("re_1");
  }

  @Test
  void cancelAlsoRefundsWhatFailedLater() {
    handler.execute(PAY, 1);
    handler.execute(PARTIAL_REFUND, 1);
    psp.failLater("re_1");
    refunder.logLateFailure(PAY.orderId(), "re_1", "expired_or_canceled_card");

    assertThat(handler.execute(CANCEL, 1)).isTrue();

    assertThat(payment().refunded()).contains(PAY.amount());
    assertThat(psp.refunded()).isEqualTo(100);
  }

  @Test
  void lateFailureIsLoggedOnce() {
    handler.execute(PAY, 1);
    handler.execute(PARTIAL_REFUND, 1);

    assertThat(refunder.logLateFailure(PAY.orderId(), "re_1", "closed")).isTrue();
    assertThat(refunder.logLateFailure(PAY.orderId(), "re_1", "closed")).isFalse();
    assertThat(refunder.logLateFailure(PAY.orderId(), "re_9", "closed")).isFalse();
  }

  @Test
  void redrivenCancelRefundsUnderTheNextId() {
    handler.execute(PAY, 1);
    psp.rejectsRefunds = true;
    assertThatThrownBy(() -> handler.execute(CANCEL, 1))
        .isInstanceOf(ProviderFailure.Rejected.class);
    psp.rejectsRefunds = false;

    assertThat(handler.execute(CANCEL, 1001)).isTrue();

    assertThat(status(SECOND)).isEqualTo(Refund.Status.SUCCEEDED);
    assertThat(psp.refunded()).isEqualTo(100);
    assertThat(payment().refunded()).contains(PAY.amount());
  }

  @Test
  void refundMadeByHandAfterTheRejectionCompletesTheDiscard() {
    handler.execute(PAY, 1);
    psp.rejectsRefunds = true;
    assertThatThrownBy(() -> handler.settle(CANCEL, now))
        .isInstanceOf(ProviderFailure.Rejected.class);
    psp.refundByHand(PAY.amount(), PAY.amount());

    assertThat(handler.settle(CANCEL, now)).isTrue();

    assertThat(status(Uuids.v5(PAY.orderId(), "re_1"))).isEqualTo(Refund.Status.SUCCEEDED);
    assertThat(payment().refundable().amount()).isZero();
  }

  @Test
  void secondDiscardOfAPaymentContinuesTheFirst() {
    var intent = started();
    psp.confirm(intent, 1);
    psp.rejectsRefunds = true;
    assertThatThrownBy(() -> handler.settle(PAY, now)).isInstanceOf(ProviderFailure.Rejected.class);
    psp.refundByHand(PAY.amount(), PAY.amount());
    advance(Duration.ofMinutes(1));

    assertThat(handler.settle(PAY, now)).isTrue();

    assertThat(payment().refunded()).contains(PAY.amount());
  }

  @Test
  void crashWhileARefundMadeByHandIsLoggedRefundsNothingTwice() {
    handler.execute(PAY, 1);
    var byHand = Uuids.v5(PAY.orderId(), "re_1");
    psp.refundByHand(PARTIAL_REFUND.amount(), PAY.amount());
    append(refundStarted(byHand, 30));

    assertThat(handler.execute(CANCEL, 1)).isTrue();

    assertThat(psp.refunds).extracting(made -> made.amount().amount()).containsExactly(30L, 70L);
    assertThat(payment().refund(byHand).orElseThrow().pspId()).isEqualTo("re_1");
    assertThat(payment().refunded()).contains(PAY.amount());
  }

  @Test
  void refundThatACrashedInstanceStartedDoesNotCompleteTheCancel() {
    handler.execute(PAY, 1);
    append(refundStarted(PARTIAL_REFUND.refundId(), 30));
    // The other instance crashes at once, while this one retrieves the result of the partial
    // refund.
    meanwhile = () -> append(refundStarted(FIRST, 70));

    assertThat(handler.execute(CANCEL, 1)).isFalse();
    assertThat(handler.execute(CANCEL, 2)).isTrue();

    assertThat(psp.refunded()).isEqualTo(100);
  }

  @Test
  void refundThatSucceededAfterItsDiscardIsLogged() {
    handler.execute(PAY, 1);
    var intent = payment().requireIntent();
    handler.settle(PARTIAL_REFUND, now);
    psp.refund(
        intent,
        Refund.started(
            new PaymentEvent.RefundStarted(
                PAY.customerId(),
                intent.id(),
                PARTIAL_REFUND.refundId(),
                1,
                PARTIAL_REFUND.amount()),
            true,
            now));

    assertThat(handler.execute(CANCEL, 1)).isTrue();

    assertThat(status(PARTIAL_REFUND.refundId())).isEqualTo(Refund.Status.SUCCEEDED);
    assertThat(payment().refunded()).contains(PAY.amount());
  }

  @Test
  void chargeCapturedBeforeTheDiscardStays() {
    handler.execute(PAY, 1);
    advance(Duration.ofMinutes(1));

    assertThat(handler.settle(PAY, now)).isTrue();

    assertThat(psp.refunds).isEmpty();
  }

  @Test
  void chargeFoundByTheDiscardIsRefundedEvenAfterACrash() {
    var intent = started();
    psp.confirm(intent, 1);
    var discardedAt = now;
    advance(Duration.ofMillis(1));
    // The crash comes after this event, before the refund is started.
    append(new PaymentEvent.Captured(PAY.customerId(), intent.id(), PAY.amount()));
    advance(Duration.ofMinutes(1));

    assertThat(handler.settle(PAY, discardedAt)).isTrue();

    assertThat(psp.refunded()).isEqualTo(100);
  }

  @Test
  void discardedRefundWaitsUntilThePspCanNoLongerExecuteIt() {
    handler.execute(PAY, 1);
    append(refundStarted(PARTIAL_REFUND.refundId(), 30));
    // The last attempt may be much later than its event in the log, but not later than the discard.
    advance(Duration.ofHours(1));
    var discardedAt = now;

    advance(psp.maxCallDuration().minusMillis(1));
    assertThat(handler.settle(PARTIAL_REFUND, discardedAt)).isFalse();
    assertThat(status(PARTIAL_REFUND.refundId())).isEqualTo(Refund.Status.STARTED);

    advance(Duration.ofMillis(1));
    assertThat(handler.settle(PARTIAL_REFUND, discardedAt)).isTrue();
    assertThat(status(PARTIAL_REFUND.refundId())).isEqualTo(Refund.Status.FAILED);
  }

  private void runMeanwhile() {
    var next = meanwhile;
    meanwhile = () -> {};
    next.run();
  }

  private void append(PaymentEvent event) {
    payments.append(PAY.orderId(), event);
  }

  private PaymentEvent refundStarted(UUID refundId, long amount) {
    String intent = payment().requireIntent().id();
    return new PaymentEvent.RefundStarted(
        PAY.customerId(), intent, refundId, 1, new Money(amount, "EUR"));
  }

  private Intent started() {
    String id = ((IntentCreation.Created) psp.create(PAY, 1)).intentId();
    return payments
        .append(PAY.orderId(), new PaymentEvent.Started(PAY.customerId(), id, 1, PAY.amount()))
        .requireIntent();
  }

  private Refund.Status status(UUID refundId) {
    return payment().refund(refundId).orElseThrow().status();
  }

  private Payment payment() {
    return payments.find(PAY.orderId()).orElseThrow();
  }

  private void advance(Duration time) {
    now = now.plus(time);
  }
}

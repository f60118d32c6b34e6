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

/** What a PSP that refuses, a hand at its dashboard, and the time of a discard do to an order. */
class RefundOnCancelTest {

  private static final Due DUE =
      new Due(UUID.randomUUID(), UUID.randomUUID(), new Money(100, "EUR"), "pm_card_visa");
  private static final PaymentTask.Cancel CANCEL =
      new PaymentTask.Cancel(DUE.orderId(), DUE.customerId());
  private static final PaymentTask.GiveBack PART =
      new PaymentTask.GiveBack(
          DUE.orderId(), DUE.customerId(), UUID.randomUUID(), new Money(30, "EUR"));
  private static final UUID FIRST = Canceller.refundId(DUE.orderId());
  private static final UUID SECOND = Uuids.v5(DUE.orderId(), "cancel/2");
  private static final UUID THIRD = Uuids.v5(DUE.orderId(), "cancel/3");

  private Runnable meanwhile = () -> {};
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final MemoryLog log = new MemoryLog(clock);
  private final ModelPsp psp = new ModelPsp(new Random(1), this::happen, clock, false, 0);
  private final Refunder refunder = new Refunder(log, psp, clock);
  private final Cashier cashier =
      new Cashier(log, new Payer(log, psp), new Canceller(log, psp, refunder), refunder);

  @Test
  void cancelThatThePspRefusesFailsInSight() {
    cashier.fulfil(DUE, 1);
    psp.refuses = true;

    assertThatThrownBy(() -> cashier.fulfil(CANCEL, 1))
        .isInstanceOf(ProviderFailure.Refused.class)
        .hasMessageContaining("by hand");

    assertThat(status(FIRST)).isEqualTo(Refund.Status.FAILED);
    assertThat(status(SECOND)).isEqualTo(Refund.Status.FAILED);
  }

  @Test
  void cancelThatIsSentBackAsksUnderTheNextId() {
    cashier.fulfil(DUE, 1);
    psp.refuses = true;
    assertThatThrownBy(() -> cashier.fulfil(CANCEL, 1)).isInstanceOf(ProviderFailure.Refused.class);
    psp.refuses = false;

    assertThat(cashier.fulfil(CANCEL, 1001)).isTrue();

    assertThat(status(THIRD)).isEqualTo(Refund.Status.SUCCEEDED);
    assertThat(psp.refunded()).isEqualTo(100);
    assertThat(payment().refunded()).contains(DUE.amount());
  }

  @Test
  void whatWasGivenBackByHandAfterTheRefusalEndsTheDiscard() {
    cashier.fulfil(DUE, 1);
    psp.refuses = true;
    assertThatThrownBy(() -> cashier.settle(CANCEL, now))
        .isInstanceOf(ProviderFailure.Refused.class);
    psp.byHand(DUE.amount(), DUE.amount());

    assertThat(cashier.settle(CANCEL, now)).isTrue();

    assertThat(status(Uuids.v5(DUE.orderId(), "re_1"))).isEqualTo(Refund.Status.SUCCEEDED);
    assertThat(payment().left().amount()).isZero();
  }

  @Test
  void secondDiscardOfAPaymentGoesOnWithTheFirst() {
    var intent = started();
    psp.confirm(intent, 1);
    psp.refuses = true;
    assertThatThrownBy(() -> cashier.settle(DUE, now)).isInstanceOf(ProviderFailure.Refused.class);
    psp.byHand(DUE.amount(), DUE.amount());
    later(Duration.ofMinutes(1));

    assertThat(cashier.settle(DUE, now)).isTrue();

    assertThat(payment().refunded()).contains(DUE.amount());
  }

  @Test
  void crashAfterARefundByHandWasBegunToBeToldGivesNothingTwice() {
    cashier.fulfil(DUE, 1);
    var byHand = Uuids.v5(DUE.orderId(), "re_1");
    psp.byHand(PART.amount(), DUE.amount());
    record(refundStarted(byHand, 30));

    assertThat(cashier.fulfil(CANCEL, 1)).isTrue();

    assertThat(psp.refunds).extracting(made -> made.amount().amount()).containsExactly(30L, 70L);
    assertThat(payment().refund(byHand).orElseThrow().pspId()).isEqualTo("re_1");
    assertThat(payment().refunded()).contains(DUE.amount());
  }

  @Test
  void refundThatAnotherInstanceBeganAndLeftIsNoEndOfTheCancel() {
    cashier.fulfil(DUE, 1);
    record(refundStarted(PART.refundId(), 30));
    // The other one crashes at once, while this one asks for the end of the part.
    meanwhile = () -> record(refundStarted(FIRST, 70));

    assertThat(cashier.fulfil(CANCEL, 1)).isFalse();
    assertThat(cashier.fulfil(CANCEL, 2)).isTrue();

    assertThat(psp.refunded()).isEqualTo(100);
  }

  @Test
  void refundThatHappenedAfterItWasGivenUpIsTold() {
    cashier.fulfil(DUE, 1);
    var intent = payment().requireIntent();
    cashier.settle(PART, now);
    psp.refund(
        intent,
        Refund.started(
            new PaymentEvent.RefundStarted(
                DUE.customerId(), intent.id(), PART.refundId(), 1, PART.amount()),
            true,
            now));

    assertThat(cashier.fulfil(CANCEL, 1)).isTrue();

    assertThat(status(PART.refundId())).isEqualTo(Refund.Status.SUCCEEDED);
    assertThat(payment().refunded()).contains(DUE.amount());
  }

  @Test
  void chargeOfBeforeTheDiscardStays() {
    cashier.fulfil(DUE, 1);
    later(Duration.ofMinutes(1));

    assertThat(cashier.settle(DUE, now)).isTrue();

    assertThat(psp.refunds).isEmpty();
  }

  @Test
  void chargeThatTheDiscardItselfFoundIsGivenBackEvenIfItIsRepeatedAfterACrash() {
    var intent = started();
    psp.confirm(intent, 1);
    var asked = now;
    later(Duration.ofMillis(1));
    // The crash comes after this, before the refund is begun.
    record(new PaymentEvent.Captured(DUE.customerId(), intent.id(), DUE.amount()));
    later(Duration.ofMinutes(1));

    assertThat(cashier.settle(DUE, asked)).isTrue();

    assertThat(psp.refunded()).isEqualTo(100);
  }

  @Test
  void discardedRefundWaitsUntilThePspCannotMakeItAnyMore() {
    cashier.fulfil(DUE, 1);
    record(refundStarted(PART.refundId(), 30));
    // The last try may be much younger than its event in the log, but not than the discard.
    later(Duration.ofHours(1));
    var asked = now;

    later(psp.longestCall().minusMillis(1));
    assertThat(cashier.settle(PART, asked)).isFalse();
    assertThat(status(PART.refundId())).isEqualTo(Refund.Status.STARTED);

    later(Duration.ofMillis(1));
    assertThat(cashier.settle(PART, asked)).isTrue();
    assertThat(status(PART.refundId())).isEqualTo(Refund.Status.FAILED);
  }

  private void happen() {
    var next = meanwhile;
    meanwhile = () -> {};
    next.run();
  }

  private void record(PaymentEvent event) {
    log.record(DUE.orderId(), event);
  }

  private PaymentEvent refundStarted(UUID refundId, long amount) {
    String intent = payment().requireIntent().id();
    return new PaymentEvent.RefundStarted(
        DUE.customerId(), intent, refundId, 1, new Money(amount, "EUR"));
  }

  private Intent started() {
    String id = psp.create(DUE, 1);
    return log.record(
            DUE.orderId(), new PaymentEvent.Started(DUE.customerId(), id, 1, DUE.amount()))
        .requireIntent();
  }

  private Refund.Status status(UUID refundId) {
    return payment().refund(refundId).orElseThrow().status();
  }

  private Payment payment() {
    return log.find(DUE.orderId()).orElseThrow();
  }

  private void later(Duration time) {
    now = now.plus(time);
  }
}

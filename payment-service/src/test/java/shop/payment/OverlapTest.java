package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import shop.common.money.Money;

/** Two duties of one order that ask the PSP for the end of the same refund. */
class OverlapTest {

  private static final Due DUE =
      new Due(UUID.randomUUID(), UUID.randomUUID(), new Money(100, "EUR"), "pm_card_visa");
  private static final PaymentTask.Cancel CANCEL =
      new PaymentTask.Cancel(DUE.orderId(), DUE.customerId());
  private static final PaymentTask.GiveBack PART =
      new PaymentTask.GiveBack(
          DUE.orderId(), DUE.customerId(), UUID.randomUUID(), new Money(30, "EUR"));

  private final MemoryLog payments = new MemoryLog(Clock.systemUTC());
  private final ModelPsp psp =
      new ModelPsp(new Random(1), this::happen, Clock.systemUTC(), false, 0);
  private final Cashier cashier = cashier();
  private Runnable meanwhile = () -> {};

  @Test
  void refundsEndIsToldByBothAndCountsOnce() {
    cashier.fulfil(DUE, 1);
    var intent = payments.find(DUE.orderId()).orElseThrow().requireIntent();
    var started =
        new PaymentEvent.RefundStarted(
            DUE.customerId(), intent.id(), PART.refundId(), 1, PART.amount());
    var refund = payments.record(DUE.orderId(), started).refund(PART.refundId()).orElseThrow();
    psp.refund(intent, refund);
    // The cancel has read that the refund is open, and its question is on the way to the PSP.
    meanwhile = () -> assertThat(cashier.fulfil(PART, 2)).isTrue();

    assertThat(cashier.fulfil(CANCEL, 1)).isTrue();

    var end =
        new PaymentEvent.Refunded(
            DUE.customerId(), intent.id(), PART.refundId(), "re_1", PART.amount());
    assertThat(payments.events).filteredOn(end::equals).hasSize(2);
    assertThat(psp.refunds).extracting(made -> made.amount().amount()).containsExactly(30L, 70L);
    var told = payments.find(DUE.orderId()).orElseThrow();
    assertThat(told.refunded()).contains(DUE.amount());
    assertThat(told.left().amount()).isZero();
  }

  private void happen() {
    var now = meanwhile;
    meanwhile = () -> {};
    now.run();
  }

  private Cashier cashier() {
    var refunder = new Refunder(payments, psp, Clock.systemUTC());
    return new Cashier(
        payments, new Payer(payments, psp), new Canceller(payments, psp, refunder), refunder);
  }
}

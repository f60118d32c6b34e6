package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import shop.common.money.Money;

/** Two tasks of one order that retrieve the result of the same refund from the PSP. */
class ConcurrentTasksTest {

  private static final PaymentTask.Pay PAY =
      new PaymentTask.Pay(
          UUID.randomUUID(), UUID.randomUUID(), new Money(100, "EUR"), "pm_card_visa");
  private static final PaymentTask.Cancel CANCEL =
      new PaymentTask.Cancel(PAY.orderId(), PAY.customerId());
  private static final PaymentTask.Refund PARTIAL_REFUND =
      new PaymentTask.Refund(
          PAY.orderId(), PAY.customerId(), UUID.randomUUID(), new Money(30, "EUR"));

  private final InMemoryPayments payments = new InMemoryPayments(Clock.systemUTC());
  private final SimulatedPsp psp =
      new SimulatedPsp(new Random(1), this::runMeanwhile, Clock.systemUTC(), false, 0);
  private final PaymentTaskHandler handler = taskHandler();
  private Runnable meanwhile = () -> {};

  @Test
  void refundResultIsLoggedByBothAndTakesEffectOnce() {
    handler.execute(PAY, 1);
    var intent = payments.find(PAY.orderId()).orElseThrow().requireIntent();
    var started =
        new PaymentEvent.RefundStarted(
            PAY.customerId(), intent.id(), PARTIAL_REFUND.refundId(), 1, PARTIAL_REFUND.amount());
    var refund =
        payments.append(PAY.orderId(), started).refund(PARTIAL_REFUND.refundId()).orElseThrow();
    psp.refund(intent, refund);
    // The cancel has read that the refund is started, and is about to list refunds at the PSP.
    meanwhile = () -> assertThat(handler.execute(PARTIAL_REFUND, 2)).isTrue();

    assertThat(handler.execute(CANCEL, 1)).isTrue();

    var refunded =
        new PaymentEvent.Refunded(
            PAY.customerId(),
            intent.id(),
            PARTIAL_REFUND.refundId(),
            "re_1",
            PARTIAL_REFUND.amount());
    assertThat(payments.events).filteredOn(refunded::equals).hasSize(2);
    assertThat(psp.refunds).extracting(made -> made.amount().amount()).containsExactly(30L, 70L);
    var payment = payments.find(PAY.orderId()).orElseThrow();
    assertThat(payment.refunded()).contains(PAY.amount());
    assertThat(payment.refundable().amount()).isZero();
  }

  private void runMeanwhile() {
    var now = meanwhile;
    meanwhile = () -> {};
    now.run();
  }

  private PaymentTaskHandler taskHandler() {
    var refunder = new Refunder(payments, psp, Clock.systemUTC());
    return new PaymentTaskHandler(
        payments, new Payer(payments, psp), new Canceller(payments, psp, refunder), refunder);
  }
}

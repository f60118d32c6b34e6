package shop.payment;

import java.time.Instant;
import org.springframework.stereotype.Component;

/** Executes payment handler, and settles those that an admin has discarded. */
@Component
public final class PaymentTaskHandler {

  private final Payments payments;
  private final Payer payer;
  private final Canceller canceller;
  private final Refunder refunder;

  PaymentTaskHandler(Payments payments, Payer payer, Canceller canceller, Refunder refunder) {
    this.payments = payments;
    this.payer = payer;
    this.canceller = canceller;
    this.refunder = refunder;
  }

  /**
   * Executes a task.
   *
   * @param attempt the number of this attempt, from 1
   * @return false if the result is still pending at the PSP
   * @throws ProviderFailure.Rejected if the PSP rejects the call
   * @throws ProviderFailure if the PSP gives no result
   * @throws LogUnavailable if the log cannot be written or read
   */
  public boolean execute(PaymentTask task, int attempt) {
    return switch (task) {
      case PaymentTask.Pay pay -> payer.pay(pay, attempt);
      case PaymentTask.Cancel cancel -> canceller.cancel(cancel);
      case PaymentTask.Refund refund -> refunder.refund(refund);
    };
  }

  /**
   * Settles a task that an admin has discarded, so that no customer stays charged for a dead order:
   * a payment is voided or refunded, and a refund either has succeeded or never will. A payment
   * captured before the discard belongs to a living order and stays.
   *
   * @param discardedAt the same for every attempt
   * @return false if the result is still pending at the PSP
   * @throws ProviderFailure.Rejected if the PSP rejects the refund
   * @throws ProviderFailure if the PSP gives no result
   * @throws LogUnavailable if the log cannot be written or read
   */
  public boolean settle(PaymentTask task, Instant discardedAt) {
    return switch (task) {
      case PaymentTask.Pay pay ->
          wasCapturedBefore(discardedAt, pay)
              || canceller.cancel(new PaymentTask.Cancel(pay.orderId(), pay.customerId()));
      case PaymentTask.Cancel cancel -> canceller.cancel(cancel);
      case PaymentTask.Refund refund -> refunder.settle(refund, discardedAt);
    };
  }

  /** A refund with the cancel's own id shows that an earlier discard has begun to refund. */
  private boolean wasCapturedBefore(Instant discardedAt, PaymentTask.Pay task) {
    return payments
        .current(task.orderId())
        .filter(payment -> payment.status() == PaymentStatus.CAPTURED)
        .filter(payment -> payment.decidedAt().isBefore(discardedAt))
        .filter(payment -> payment.refund(Canceller.refundId(task.orderId())).isEmpty())
        .isPresent();
  }
}

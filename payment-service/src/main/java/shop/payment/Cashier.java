package shop.payment;

import java.time.Instant;
import org.springframework.stereotype.Component;

/** Does what orders ask, or settles what nobody asks for any more. */
@Component
public final class Cashier {

  private final Payments payments;
  private final Payer payer;
  private final Canceller canceller;
  private final Refunder refunder;

  Cashier(Payments payments, Payer payer, Canceller canceller, Refunder refunder) {
    this.payments = payments;
    this.payer = payer;
    this.canceller = canceller;
    this.refunder = refunder;
  }

  /**
   * Does what is asked.
   *
   * @param attempt which try this is, from 1
   * @return false if the PSP will know the end later
   * @throws ProviderFailure.Refused if the PSP will not do it
   * @throws ProviderFailure if the PSP gives no result
   * @throws LogUnavailable if the log cannot be written or read
   */
  public boolean fulfil(PaymentTask duty, int attempt) {
    return switch (duty) {
      case Due due -> payer.pay(due, attempt);
      case PaymentTask.Cancel cancel -> canceller.cancel(cancel);
      case PaymentTask.GiveBack refund -> refunder.refund(refund);
    };
  }

  /**
   * Ends what an admin discards, so that nobody is left charged for a dead order: a payment is
   * voided or given back, a refund has happened or never will. A payment that had gone through
   * before is that of a living order, and stays.
   *
   * @param asked when it was discarded; the same for every try
   * @return false if the PSP will know the end later
   * @throws ProviderFailure.Refused if the PSP does not give the money back
   * @throws ProviderFailure if the PSP gives no result
   * @throws LogUnavailable if the log cannot be written or read
   */
  public boolean settle(PaymentTask duty, Instant asked) {
    return switch (duty) {
      case Due due ->
          wentThrough(due, asked)
              || canceller.cancel(new PaymentTask.Cancel(due.orderId(), due.customerId()));
      case PaymentTask.Cancel cancel -> canceller.cancel(cancel);
      case PaymentTask.GiveBack refund -> refunder.settle(refund, asked);
    };
  }

  /** A refund of the cancel's own tells that an earlier discard has begun to give back. */
  private boolean wentThrough(Due due, Instant asked) {
    return payments
        .current(due.orderId())
        .filter(payment -> payment.status() == PaymentStatus.CAPTURED)
        .filter(payment -> payment.decidedAt().isBefore(asked))
        .filter(payment -> payment.refund(Canceller.refundId(due.orderId())).isEmpty())
        .isPresent();
  }
}

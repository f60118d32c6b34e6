package shop.payment;

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
   * @throws ProviderFailure if the PSP gives no result
   * @throws LogUnavailable if the log cannot be written or read
   */
  public boolean fulfil(Duty duty, int attempt) {
    return switch (duty) {
      case Due due -> payer.pay(due, attempt);
      case Duty.Cancel cancel -> canceller.cancel(cancel);
      case Duty.GiveBack refund -> refunder.refund(refund);
    };
  }

  /**
   * Ends what an admin discards, so that nobody is left charged for a dead order: a payment is
   * voided or given back, a refund has happened or never will.
   *
   * @return false if the PSP will know the end later
   * @throws ProviderFailure.Refused if the PSP does not give the money back
   * @throws ProviderFailure if the PSP gives no result
   * @throws LogUnavailable if the log cannot be written or read
   */
  public boolean settle(Duty duty) {
    return switch (duty) {
      case Due due -> end(new Duty.Cancel(due.orderId(), due.customerId()));
      case Duty.Cancel cancel -> end(cancel);
      case Duty.GiveBack refund -> refunder.settle(refund);
    };
  }

  private boolean end(Duty.Cancel cancel) {
    boolean ended = canceller.cancel(cancel);
    if (ended
        && payments
            .find(cancel.orderId())
            .filter(payment -> payment.intent() != null && payment.left().amount() > 0)
            .isPresent()) {
      throw new ProviderFailure.Refused(
          "The payment provider did not give back all that was charged for the order:"
              + " give the rest back by hand in its dashboard, then discard again",
          null);
    }
    return ended;
  }
}

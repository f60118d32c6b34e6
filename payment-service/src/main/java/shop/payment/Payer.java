package shop.payment;

import org.springframework.stereotype.Component;

/**
 * Brings a payment about: create an intent, log it, confirm the intent that the log names, log the
 * result. Any step can be repeated, by anyone, at the same time: the log names one intent, and an
 * intent is charged at most once because it holds its payment method for one confirmation only.
 */
@Component
public final class Payer {

  private final Payments payments;
  private final PaymentProvider provider;

  Payer(Payments payments, PaymentProvider provider) {
    this.payments = payments;
    this.provider = provider;
  }

  /**
   * Pays what is due, unless the log already tells the result.
   *
   * @param attempt which call this is; repeating a number repeats the PSP's answer, even an error
   * @return false if the PSP will know the result later
   * @throws ProviderFailure if the PSP gives no result
   * @throws LogUnavailable if the log cannot be written or read
   */
  public boolean pay(Due due, int attempt) {
    return payments
        .find(due.orderId())
        .map(known -> known.isSettled() || resume(known, attempt))
        .orElseGet(() -> start(due, attempt));
  }

  private boolean start(Due due, int attempt) {
    String intent = provider.create(due, attempt);
    Payment payment =
        payments.record(
            due.orderId(),
            new PaymentEvent.Started(due.customerId(), intent, attempt, due.amount()));
    if (payment.isSettled()) {
      return true;
    }
    return payment.intentId().equals(intent) ? confirm(payment, attempt) : resume(payment, attempt);
  }

  /** Somebody was here before, perhaps as far as the charge: ask first. */
  private boolean resume(Payment payment, int attempt) {
    IntentState state = provider.find(payment);
    return state instanceof IntentState.Open ? confirm(payment, attempt) : conclude(payment, state);
  }

  private boolean confirm(Payment payment, int attempt) {
    return conclude(payment, provider.confirm(payment, attempt));
  }

  private boolean conclude(Payment payment, IntentState state) {
    return switch (state) {
      case IntentState.Succeeded() -> {
        log(
            payment,
            new PaymentEvent.Captured(payment.customerId(), payment.intentId(), payment.amount()));
        yield true;
      }
      case IntentState.Declined(String reason) -> {
        log(
            payment,
            new PaymentEvent.Declined(
                payment.customerId(), payment.intentId(), payment.amount(), reason));
        yield true;
      }
      case IntentState.Processing(), IntentState.Open() -> false;
    };
  }

  private void log(Payment payment, PaymentEvent result) {
    payments.record(payment.orderId(), result);
  }
}

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
        .map(known -> known.isSettled() || resume(known.requireIntent(), attempt))
        .orElseGet(() -> start(due, attempt));
  }

  private boolean start(Due due, int attempt) {
    String created = provider.create(due, attempt);
    Payment payment =
        payments.record(
            due.orderId(),
            new PaymentEvent.Started(due.customerId(), created, attempt, due.amount()));
    if (payment.isSettled()) {
      return true;
    }
    var intent = payment.requireIntent();
    return intent.id().equals(created) ? confirm(intent, attempt) : resume(intent, attempt);
  }

  /** Somebody was here before, perhaps as far as the charge: ask first. */
  private boolean resume(Intent intent, int attempt) {
    IntentState state = provider.find(intent);
    return state instanceof IntentState.Open ? confirm(intent, attempt) : conclude(intent, state);
  }

  private boolean confirm(Intent intent, int attempt) {
    return conclude(intent, provider.confirm(intent, attempt));
  }

  private boolean conclude(Intent intent, IntentState state) {
    return switch (state) {
      case IntentState.Succeeded() ->
          log(intent, new PaymentEvent.Captured(intent.customerId(), intent.id(), intent.amount()));
      case IntentState.Declined(String reason) ->
          log(
              intent,
              new PaymentEvent.Declined(intent.customerId(), intent.id(), intent.amount(), reason));
      case IntentState.Canceled() ->
          log(intent, new PaymentEvent.Voided(intent.customerId(), intent.id()));
      case IntentState.Processing(), IntentState.Open() -> false;
    };
  }

  private boolean log(Intent intent, PaymentEvent result) {
    payments.record(intent.orderId(), result);
    return true;
  }
}

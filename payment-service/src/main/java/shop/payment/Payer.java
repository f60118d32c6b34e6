package shop.payment;

import org.springframework.stereotype.Component;

/**
 * Charges an order: creates an intent, logs it, confirms the intent that the log names and logs the
 * result. Every step can be repeated, also by several instances at once: the log names one intent,
 * and an intent is charged at most once because its payment method serves one confirmation only.
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
   * Charges the order, unless the log already has the result.
   *
   * @param attempt the number of this attempt; the PSP repeats its response, even an error, if a
   *     number is used again
   * @return false if the result is still pending at the PSP
   * @throws ProviderFailure if the PSP gives no result
   * @throws LogUnavailable if the log cannot be written or read
   */
  public boolean pay(PaymentTask.Pay task, int attempt) {
    return payments
        .find(task.orderId())
        .map(payment -> payment.isFinal() || resume(payment.requireIntent(), attempt))
        .orElseGet(() -> start(task, attempt));
  }

  private boolean start(PaymentTask.Pay task, int attempt) {
    return switch (provider.create(task, attempt)) {
      case IntentCreation.Created(String intentId) -> {
        Payment payment =
            payments.append(
                task.orderId(),
                new PaymentEvent.Started(task.customerId(), intentId, attempt, task.amount()));
        yield payment.isFinal()
            || (payment.requireIntent().id().equals(intentId)
                ? confirm(payment.requireIntent(), attempt)
                : resume(payment.requireIntent(), attempt));
      }
      case IntentCreation.Declined(String reason) -> {
        // Another instance may have started an intent meanwhile; then only its result counts.
        Payment payment =
            payments.append(
                task.orderId(),
                new PaymentEvent.Declined(task.customerId(), null, task.amount(), reason));
        yield payment.isFinal() || resume(payment.requireIntent(), attempt);
      }
    };
  }

  /** An earlier attempt may have got as far as the charge, so this retrieves the intent first. */
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
          append(
              intent, new PaymentEvent.Captured(intent.customerId(), intent.id(), intent.amount()));
      case IntentState.Declined(String reason) ->
          append(
              intent,
              new PaymentEvent.Declined(intent.customerId(), intent.id(), intent.amount(), reason));
      case IntentState.Canceled() ->
          append(intent, new PaymentEvent.Voided(intent.customerId(), intent.id()));
      case IntentState.Processing(), IntentState.Open() -> false;
    };
  }

  private boolean append(Intent intent, PaymentEvent result) {
    payments.append(intent.orderId(), result);
    return true;
  }
}

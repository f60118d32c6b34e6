package shop.payment.psp;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.StripeError;
import java.util.Optional;
import shop.payment.ProviderFailure;

/**
 * Maps exceptions of stripe-java to provider failures.
 *
 * @see <a href="https://docs.stripe.com/api/idempotent_requests">Idempotent requests</a>
 */
final class StripeFailures {

  private StripeFailures() {}

  static ProviderFailure of(String call, StripeException e) {
    int status = statusOf(e);
    String message =
        "The payment provider responded to %s with %s, code %s, request %s"
            .formatted(call, status == 0 ? "nothing" : status, e.getCode(), e.getRequestId());
    if (status >= 500 && isReplayed(e)) {
      return new ProviderFailure.ReplayedError(message, e);
    }
    if (e instanceof ApiConnectionException || status == 0 || status >= 500) {
      return new ProviderFailure.OutcomeUnknown(message, e);
    }
    if (e instanceof IdempotencyException) {
      // The key is in use, or was used before the order was edited; the next attempt has another.
      return new ProviderFailure.RetryLater(message, e);
    }
    return switch (status) {
      case 401, 403 ->
          new ProviderFailure.Unavailable(
              message + ": it does not accept our API key, check PSP_API_KEY", e);
      case 429 -> new ProviderFailure.Throttled(message, e);
      case 409 -> new ProviderFailure.RetryLater(message, e);
      default -> new ProviderFailure.Rejected(message, e);
    };
  }

  /**
   * The code of an error that a customer's input causes: a card error, or a 400 that speaks of the
   * payment method or of the amount. Repeating the call cannot help, and nobody else is at fault.
   *
   * @see <a href="https://docs.stripe.com/error-codes">Stripe's error codes</a>
   */
  static Optional<String> customerMistake(StripeException e) {
    if (e instanceof CardException card) {
      return Optional.of(
          card.getDeclineCode() != null
              ? card.getDeclineCode()
              : card.getCode() != null ? card.getCode() : "declined");
    }
    if (!(e instanceof InvalidRequestException invalid) || statusOf(e) != 400) {
      return Optional.empty();
    }
    String code = String.valueOf(invalid.getCode());
    String param = String.valueOf(invalid.getParam());
    if (code.startsWith("amount_too_") || param.equals("amount")) {
      return Optional.of(code.startsWith("amount_too_") ? code : "invalid_charge_amount");
    }
    // The error for a payment method that was used before has neither a code nor a parameter.
    boolean isOfMethod =
        param.equals("payment_method")
            || param.startsWith("payment_method[")
            || code.startsWith("payment_method_")
            || code.equals("payment_intent_incompatible_payment_method")
            || String.valueOf(invalid.getMessage()).contains("PaymentMethod");
    return isOfMethod
        ? Optional.of(invalid.getCode() == null ? "payment_method_unusable" : code)
        : Optional.empty();
  }

  private static int statusOf(StripeException e) {
    return e.getStatusCode() == null ? 0 : e.getStatusCode();
  }

  private static boolean isReplayed(StripeException e) {
    return Optional.ofNullable(e.getStripeError())
        .map(StripeError::getLastResponse)
        .flatMap(response -> response.headers().firstValue("Idempotent-Replayed"))
        .filter("true"::equals)
        .isPresent();
  }
}

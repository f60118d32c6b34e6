package shop.payment.psp;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.IdempotencyException;
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
    int status = e.getStatusCode() == null ? 0 : e.getStatusCode();
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
      case 409, 429 -> new ProviderFailure.RetryLater(message, e);
      default -> new ProviderFailure.Rejected(message, e);
    };
  }

  private static boolean isReplayed(StripeException e) {
    return Optional.ofNullable(e.getStripeError())
        .map(StripeError::getLastResponse)
        .flatMap(response -> response.headers().firstValue("Idempotent-Replayed"))
        .filter("true"::equals)
        .isPresent();
  }
}

package shop.payment.psp;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.StripeException;
import com.stripe.model.StripeError;
import java.util.Optional;
import shop.payment.ProviderFailure;

/**
 * What a failed call of Stripe means for us.
 *
 * @see <a href="https://docs.stripe.com/api/idempotent_requests">Idempotent requests</a>
 */
final class StripeFailures {

  private StripeFailures() {}

  static ProviderFailure of(String call, StripeException e) {
    int status = e.getStatusCode() == null ? 0 : e.getStatusCode();
    String message =
        "The payment provider's answer to %s was %s, code %s, request %s"
            .formatted(call, status == 0 ? "none" : status, e.getCode(), e.getRequestId());
    if (status >= 500 && isRepeated(e)) {
      return new ProviderFailure.Spent(message, e);
    }
    if (e instanceof ApiConnectionException || status == 0 || status >= 500) {
      return new ProviderFailure.Unanswered(message, e);
    }
    if (e instanceof IdempotencyException) {
      // The key is in use, or was used before the order was edited: the next try takes another.
      return new ProviderFailure.Busy(message, e);
    }
    return switch (status) {
      case 401, 403 ->
          new ProviderFailure.Down(message + ": it does not accept our key, check PSP_API_KEY", e);
      case 409, 429 -> new ProviderFailure.Busy(message, e);
      default -> new ProviderFailure.Refused(message, e);
    };
  }

  private static boolean isRepeated(StripeException e) {
    return Optional.ofNullable(e.getStripeError())
        .map(StripeError::getLastResponse)
        .flatMap(response -> response.headers().firstValue("Idempotent-Replayed"))
        .filter("true"::equals)
        .isPresent();
  }
}

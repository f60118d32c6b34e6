package shop.payment.psp;

import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentCreateParams.AutomaticPaymentMethods;
import com.stripe.param.PaymentIntentCreateParams.AutomaticPaymentMethods.AllowRedirects;
import com.stripe.param.PaymentIntentCreateParams.CaptureMethod;
import com.stripe.service.PaymentIntentService;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import shop.payment.Due;
import shop.payment.IntentState;
import shop.payment.Payment;
import shop.payment.ProviderFailure;

/**
 * Stripe, or what speaks like it. The payment method is given when the intent is made and never
 * again: a decline takes it off the intent, so no second confirmation can charge a declined order.
 *
 * @see <a href="https://docs.stripe.com/api/payment_intents">Payment Intents</a>
 */
final class StripeProvider {

  /** The metadata by which an intent names its order. */
  static final String ORDER_ID = "order_id";

  private static final String UNEXPECTED_STATE = "payment_intent_unexpected_state";

  /** An id that no intent has; a PSP that answers so has answered. */
  private static final String NO_INTENT = "pi_000000000000000000000000";

  private final PaymentIntentService intents;

  StripeProvider(StripeClient stripe) {
    this.intents = stripe.v1().paymentIntents();
  }

  String create(Due due, int attempt) {
    var params =
        PaymentIntentCreateParams.builder()
            .setAmount(due.amount().amount())
            .setCurrency(due.amount().currency().toLowerCase(Locale.ROOT))
            .setPaymentMethod(due.paymentMethod())
            .setCaptureMethod(CaptureMethod.AUTOMATIC)
            .setAutomaticPaymentMethods(
                AutomaticPaymentMethods.builder()
                    .setEnabled(true)
                    .setAllowRedirects(AllowRedirects.NEVER)
                    .build())
            .putMetadata(ORDER_ID, due.orderId().toString())
            .build();
    try {
      return intents.create(params, key(due.orderId() + "/create/" + attempt)).getId();
    } catch (StripeException e) {
      throw failure("create", e);
    }
  }

  IntentState confirm(Payment payment, int attempt) {
    var params = PaymentIntentConfirmParams.builder().setErrorOnRequiresAction(true).build();
    try {
      return state(
          intents.confirm(
              payment.intentId(), params, key(payment.intentId() + "/confirm/" + attempt)));
    } catch (CardException e) {
      return new IntentState.Declined(reason(e.getDeclineCode(), e.getCode()));
    } catch (StripeException e) {
      if (UNEXPECTED_STATE.equals(e.getCode())) {
        return unlessOpen(find(payment), e);
      }
      throw failure("confirm", e);
    }
  }

  IntentState find(Payment payment) {
    try {
      return state(intents.retrieve(payment.intentId()));
    } catch (StripeException e) {
      throw failure("retrieve", e);
    }
  }

  /** True if it gives sensible answers at all. */
  boolean isAnswering() {
    try {
      intents.retrieve(NO_INTENT);
      return true;
    } catch (StripeException e) {
      return failure("retrieve", e) instanceof ProviderFailure.Refused;
    }
  }

  /** It was confirmed before, with a result; that the PSP refuses to confirm an open one passes. */
  private static IntentState unlessOpen(IntentState state, StripeException refusal) {
    if (state instanceof IntentState.Open) {
      throw new ProviderFailure.Busy("The intent cannot be confirmed yet", refusal);
    }
    return state;
  }

  private static RequestOptions key(String key) {
    return RequestOptions.builder().setIdempotencyKey(key).build();
  }

  private static IntentState state(PaymentIntent intent) {
    String status = String.valueOf(intent.getStatus());
    return switch (status) {
      case "requires_confirmation" -> new IntentState.Open();
      case "processing" -> new IntentState.Processing();
      case "succeeded" -> new IntentState.Succeeded();
      case "canceled" -> new IntentState.Declined("canceled");
      case "requires_payment_method" -> {
        var error = intent.getLastPaymentError();
        yield new IntentState.Declined(
            error == null ? "unknown" : reason(error.getDeclineCode(), error.getCode()));
      }
      default ->
          throw new ProviderFailure.Refused(
              "The payment provider has the intent in a state that is not ours: " + status, null);
    };
  }

  private static String reason(@Nullable String declineCode, @Nullable String code) {
    return declineCode != null ? declineCode : code != null ? code : "declined";
  }

  private static ProviderFailure failure(String call, StripeException e) {
    int status = e.getStatusCode() == null ? 0 : e.getStatusCode();
    String message =
        "The payment provider's answer to %s was %s, code %s, request %s"
            .formatted(call, status == 0 ? "none" : status, e.getCode(), e.getRequestId());
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
}

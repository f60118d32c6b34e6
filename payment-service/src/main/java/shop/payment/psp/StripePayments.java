package shop.payment.psp;

import com.stripe.StripeClient;
import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentCreateParams.AutomaticPaymentMethods;
import com.stripe.param.PaymentIntentCreateParams.AutomaticPaymentMethods.AllowRedirects;
import com.stripe.param.PaymentIntentCreateParams.CaptureMethod;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import com.stripe.service.PaymentIntentService;
import com.stripe.service.RefundService;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import shop.common.money.ChargeableAmounts;
import shop.payment.Intent;
import shop.payment.IntentCreation;
import shop.payment.IntentState;
import shop.payment.PaymentTask;
import shop.payment.ProviderFailure;
import shop.payment.ProviderRefund;
import shop.payment.RefundState;

/**
 * Payment intents and refunds in Stripe's API, or in a compatible one. The payment method is set
 * only when an intent is created; a decline detaches it, so no second confirmation can charge a
 * declined order. An intent whose confirmation is refused for a customer's mistake keeps it, and is
 * therefore cancelled before it counts as declined.
 *
 * @see <a href="https://docs.stripe.com/api/payment_intents">Payment Intents</a>
 */
final class StripePayments {

  /** The metadata key of an intent's or a refund's order. */
  static final String ORDER_ID = "order_id";

  /** The metadata key of our refund id. */
  static final String REFUND_ID = "refund_id";

  /** Stripe's code for an amount that it cannot represent. */
  private static final String INVALID_AMOUNT = "invalid_charge_amount";

  private static final String UNEXPECTED_STATE = "payment_intent_unexpected_state";

  /** An id without an intent; a PSP that responds with 404 is responsive. */
  private static final String UNUSED_INTENT = "pi_000000000000000000000000";

  private final PaymentIntentService intents;
  private final RefundService refunds;

  StripePayments(StripeClient stripe) {
    this.intents = stripe.v1().paymentIntents();
    this.refunds = stripe.v1().refunds();
  }

  IntentCreation create(PaymentTask.Pay task, int attempt) {
    if (ChargeableAmounts.objection(task.amount()).isPresent()) {
      // Order-service refuses such a total today; older orders may have one.
      return new IntentCreation.Declined(INVALID_AMOUNT);
    }
    var params =
        PaymentIntentCreateParams.builder()
            .setAmount(ChargeableAmounts.toProviderUnits(task.amount()))
            .setCurrency(task.amount().currency().toLowerCase(Locale.ROOT))
            .setPaymentMethod(task.paymentMethod())
            .setCaptureMethod(CaptureMethod.AUTOMATIC)
            .setAutomaticPaymentMethods(
                AutomaticPaymentMethods.builder()
                    .setEnabled(true)
                    .setAllowRedirects(AllowRedirects.NEVER)
                    .build())
            .putMetadata(ORDER_ID, task.orderId().toString())
            .build();
    try {
      return new IntentCreation.Created(
          intents.create(params, key(task.orderId() + "/create/" + attempt)).getId());
    } catch (StripeException e) {
      return new IntentCreation.Declined(
          StripeFailures.customerMistake(e).orElseThrow(() -> StripeFailures.of("create", e)));
    }
  }

  IntentState confirm(Intent intent, int attempt) {
    var params = PaymentIntentConfirmParams.builder().setErrorOnRequiresAction(true).build();
    try {
      return state(intents.confirm(intent.id(), params, key(intent.id() + "/confirm/" + attempt)));
    } catch (CardException e) {
      return new IntentState.Declined(reason(e.getDeclineCode(), e.getCode()));
    } catch (StripeException e) {
      if (UNEXPECTED_STATE.equals(e.getCode())) {
        return requireNotOpen(find(intent), e);
      }
      return decline(
          intent,
          StripeFailures.customerMistake(e).orElseThrow(() -> StripeFailures.of("confirm", e)));
    }
  }

  /** Cancels an intent that would otherwise stay open, so that nothing can charge it later. */
  private IntentState decline(Intent intent, String reason) {
    var state = cancel(intent);
    return state instanceof IntentState.Canceled ? new IntentState.Declined(reason) : state;
  }

  IntentState find(Intent intent) {
    try {
      return state(intents.retrieve(intent.id()));
    } catch (StripeException e) {
      throw StripeFailures.of("retrieve", e);
    }
  }

  /** Needs no idempotency key: to cancel an intent twice has no further effect. */
  IntentState cancel(Intent intent) {
    try {
      return state(intents.cancel(intent.id()));
    } catch (StripeException e) {
      if (UNEXPECTED_STATE.equals(e.getCode())) {
        return requireNotOpen(find(intent), e);
      }
      throw StripeFailures.of("cancel", e);
    }
  }

  RefundState refund(Intent intent, shop.payment.Refund refund) {
    if (ChargeableAmounts.objection(refund.amount()).isPresent()) {
      return new RefundState.Rejected(INVALID_AMOUNT);
    }
    var params =
        RefundCreateParams.builder()
            .setPaymentIntent(intent.id())
            .setAmount(ChargeableAmounts.toProviderUnits(refund.amount()))
            .putMetadata(ORDER_ID, intent.orderId().toString())
            .putMetadata(REFUND_ID, refund.id().toString())
            .build();
    try {
      return state(refunds.create(params, key(refund.id() + "/refund/" + refund.attempt())));
    } catch (StripeException e) {
      if (isRejection(e)) {
        return new RefundState.Rejected(e.getCode() == null ? "refused" : e.getCode());
      }
      throw StripeFailures.of("refund", e);
    }
  }

  List<ProviderRefund> refunds(Intent intent) {
    Stream<Refund> all =
        StripeLists.all(last ->
            refunds.list(
                RefundListParams.builder()
                    .setPaymentIntent(intent.id())
                    .setLimit(StripeLists.PAGE)
                    .setStartingAfter(last)
                    .build()));
    return all.map(StripePayments::providerRefund).toList();
  }

  /** True if Stripe responds to a retrieve call as documented, or is not to be called now. */
  boolean isResponsive() {
    try {
      intents.retrieve(UNUSED_INTENT);
      return true;
    } catch (StripeException e) {
      return switch (StripeFailures.of("retrieve", e)) {
        case ProviderFailure.Rejected _, ProviderFailure.Throttled _ -> true;
        default -> false;
      };
    }
  }

  /** An intent that is still open despite {@code UNEXPECTED_STATE} can be confirmed later. */
  private static IntentState requireNotOpen(IntentState state, StripeException e) {
    if (state instanceof IntentState.Open) {
      throw new ProviderFailure.RetryLater("The intent cannot be confirmed or cancelled yet", e);
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
      case "canceled" -> new IntentState.Canceled();
      case "requires_payment_method" -> {
        var error = intent.getLastPaymentError();
        yield new IntentState.Declined(
            error == null ? "unknown" : reason(error.getDeclineCode(), error.getCode()));
      }
      default ->
          throw new ProviderFailure.Rejected(
              "The payment provider has the intent in an unexpected state: " + status, null);
    };
  }

  private static String reason(@Nullable String declineCode, @Nullable String code) {
    return declineCode != null ? declineCode : code != null ? code : "declined";
  }

  private static ProviderRefund providerRefund(Refund refund) {
    return new ProviderRefund(
        refund.getId(),
        refund.getMetadata().get(REFUND_ID),
        ChargeableAmounts.ofProviderUnits(
            refund.getAmount(), refund.getCurrency().toUpperCase(Locale.ROOT)),
        state(refund));
  }

  private static RefundState state(Refund refund) {
    String status = String.valueOf(refund.getStatus());
    return switch (status) {
      case "succeeded" -> new RefundState.Succeeded(refund.getId());
      case "pending", "requires_action" -> new RefundState.Pending();
      case "failed", "canceled" -> new RefundState.Failed(failureReason(refund).orElse(status));
      default ->
          throw new ProviderFailure.Rejected(
              "The payment provider has the refund in an unknown state: " + status, null);
    };
  }

  /** The failure code of a refund that has failed; its status if Stripe names none. */
  static Optional<String> failureReason(Refund refund) {
    String status = String.valueOf(refund.getStatus());
    return switch (status) {
      case "failed", "canceled" ->
          Optional.of(refund.getFailureReason() == null ? status : refund.getFailureReason());
      default -> Optional.empty();
    };
  }

  /** True if a retry cannot succeed; excludes 404, which rather means another account's API key. */
  private static boolean isRejection(StripeException e) {
    return e.getStatusCode() != null
        && (e.getStatusCode() == 400 || e.getStatusCode() == 402)
        && !(e instanceof IdempotencyException);
  }
}

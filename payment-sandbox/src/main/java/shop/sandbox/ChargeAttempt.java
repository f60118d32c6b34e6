package shop.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import shop.sandbox.PaymentOutcome.ActionRequired;
import shop.sandbox.PaymentOutcome.Approved;
import shop.sandbox.PaymentOutcome.Pending;

/**
 * One attempt to charge an intent; a test payment method always produces the same outcome.
 *
 * @param manual whether the money is only authorized and captured later
 * @param errorOnAction whether required authentication is treated as a decline
 * @param debitTime how long a bank debit takes
 */
public record ChargeAttempt(
    @Nullable TestPaymentMethod method, boolean manual, boolean errorOnAction, Duration debitTime) {

  /**
   * Returns the facts that the attempt produces.
   *
   * @throws StripeError if the intent's status does not allow a confirmation, or the payment method
   *     is missing or cannot be used again
   */
  public List<Fact> confirm(PaymentIntent intent, Instant now) {
    if (!intent.status().canBeConfirmed()) {
      throw StripeError.unexpectedState(
          intent.status() == IntentStatus.SUCCEEDED
              ? "You cannot confirm this PaymentIntent because it has already succeeded after being"
                  + " previously confirmed."
              : "You cannot confirm this PaymentIntent because it has a status of %s."
                  .formatted(intent.status().wire()),
          intent);
    }
    if (method == null) {
      throw StripeError.unexpectedState(
          "You cannot confirm this PaymentIntent because it's missing a payment method. You can"
              + " either update the PaymentIntent with a payment method and then confirm it again,"
              + " or confirm it again directly with a payment method.",
          intent);
    }
    var id = intent.id();
    return switch (method.outcome()) {
      case Approved() -> {
        var held = confirmed(id, method, IntentStatus.REQUIRES_CAPTURE, now, null);
        yield manual ? List.of(held) : List.of(held, new Fact.Captured(now, id, intent.amount()));
      }
      case PaymentOutcome.Declined decline -> List.of(declined(id, method, decline, now));
      case PaymentOutcome.Unusable() -> throw StripeError.usedPaymentMethod();
      case ActionRequired action when errorOnAction ->
          List.of(declined(id, method, action.ifNotAllowed(), now));
      case ActionRequired _ ->
          List.of(confirmed(id, method, IntentStatus.REQUIRES_ACTION, now, null));
      case Pending(var then) ->
          List.of(
              confirmed(
                  id,
                  method,
                  IntentStatus.PROCESSING,
                  now,
                  then == null ? null : now.plus(debitTime)));
    };
  }

  /** Returns the facts that settle a bank debit; empty while it is still processing. */
  public static List<Fact> settleDebit(PaymentIntent intent, Instant now) {
    if (intent.status() != IntentStatus.PROCESSING
        || intent.settlesAt() == null
        || now.isBefore(intent.settlesAt())) {
      return List.of();
    }
    var method = TestPaymentMethod.of(String.valueOf(intent.paymentMethod())).orElseThrow();
    return switch (((Pending) method.outcome()).then()) {
      case PaymentOutcome.Declined decline -> List.of(declined(intent.id(), method, decline, now));
      case null, default -> List.of(new Fact.Captured(now, intent.id(), intent.amount()));
    };
  }

  private Fact confirmed(
      String id,
      TestPaymentMethod by,
      IntentStatus status,
      Instant now,
      @Nullable Instant settlesAt) {
    return new Fact.Confirmed(now, id, by.id(), manual, status, settlesAt);
  }

  private static Fact declined(
      String id, TestPaymentMethod by, PaymentOutcome.Declined decline, Instant now) {
    return new Fact.Declined(
        now, id, by.id(), decline.code(), decline.declineCode(), decline.message());
  }
}

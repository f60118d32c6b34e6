package shop.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import shop.sandbox.PaymentOutcome.ActionRequired;
import shop.sandbox.PaymentOutcome.Approved;
import shop.sandbox.PaymentOutcome.Pending;

/**
 * One attempt to charge an intent, by a payment method that always does the same.
 *
 * @param manual whether the money is only held, for a capture to come
 * @param errorOnAction whether a need to authenticate is a decline
 * @param debitTime how long a bank debit takes
 */
public record Charging(
    @Nullable TestPaymentMethod method, boolean manual, boolean errorOnAction, Duration debitTime) {

  /**
   * What the attempt comes to.
   *
   * @throws StripeError if the intent's state or a missing payment method forbids it
   */
  public List<Fact> of(PaymentIntent intent, Instant now) {
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
      case PaymentOutcome.Declined refusal -> List.of(declined(id, method, refusal, now));
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

  /** What a bank debit came to; empty while it is still under way. */
  public static List<Fact> end(PaymentIntent intent, Instant now) {
    if (intent.status() != IntentStatus.PROCESSING
        || intent.settlesAt() == null
        || now.isBefore(intent.settlesAt())) {
      return List.of();
    }
    var method = TestPaymentMethod.of(String.valueOf(intent.paymentMethod())).orElseThrow();
    return switch (((Pending) method.outcome()).then()) {
      case PaymentOutcome.Declined refusal -> List.of(declined(intent.id(), method, refusal, now));
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
      String id, TestPaymentMethod by, PaymentOutcome.Declined why, Instant now) {
    return new Fact.Declined(now, id, by.id(), why.code(), why.declineCode(), why.message());
  }
}

package shop.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A full or partial refund. Amounts are minor units.
 *
 * @param settlesAt until when it is pending; null if it succeeds immediately
 * @param failsAt when it fails after it has succeeded; null if it does not. Its amount then counts
 *     as refunded here, unlike at Stripe
 */
public record Refund(
    String id,
    Instant created,
    String intent,
    String charge,
    long amount,
    String currency,
    @Nullable String reason,
    Map<String, String> metadata,
    @Nullable Instant settlesAt,
    @Nullable Instant failsAt) {

  private static final String FAILED = "failed";

  /**
   * A merchant's request for a refund.
   *
   * @param amount minor units; null refunds the whole unrefunded amount
   */
  public record Request(
      @Nullable Long amount, @Nullable String reason, Map<String, String> metadata) {}

  /**
   * Refunds captured money.
   *
   * @param pendingTime how long the refund is pending if the payment method's refunds are, or until
   *     it fails
   * @throws StripeError if nothing was captured or the amount exceeds the unrefunded amount
   */
  public static Refund of(
      PaymentIntent intent, Request request, String id, Instant now, Duration pendingTime) {
    if (intent.status() != IntentStatus.SUCCEEDED) {
      throw StripeError.unexpectedState(
          "This PaymentIntent (%s) does not have a successful charge to refund."
              .formatted(intent.id()),
          intent);
    }
    long unrefunded = intent.amountReceived() - intent.amountRefunded();
    var amount = request.amount();
    if (unrefunded == 0) {
      throw StripeError.invalidRequest(
          "charge_already_refunded",
          "Charge %s has already been refunded.".formatted(intent.charge()));
    }
    if (amount != null && amount > unrefunded) {
      throw StripeError.badParameter(
          null,
          "Refund amount (%d %s) is greater than unrefunded amount on charge (%d %s)"
              .formatted(amount, intent.currency(), unrefunded, intent.currency()),
          "amount");
    }
    if (amount != null) {
      AmountRules.checkStep(amount, intent.currency());
    }
    var method = TestPaymentMethod.of(String.valueOf(intent.paymentMethod()));
    boolean pending = method.filter(TestPaymentMethod::refundsArePending).isPresent();
    boolean fails = method.filter(TestPaymentMethod::refundsFailLater).isPresent();
    return new Refund(
        id,
        now,
        intent.id(),
        String.valueOf(intent.charge()),
        amount == null ? unrefunded : amount,
        intent.currency(),
        request.reason(),
        request.metadata(),
        pending ? now.plus(pendingTime) : null,
        fails ? now.plus(pendingTime) : null);
  }

  /** Stripe's status of the refund. */
  public String status(Instant now) {
    if (failsAt != null && !now.isBefore(failsAt)) {
      return FAILED;
    }
    return settlesAt != null && now.isBefore(settlesAt) ? "pending" : "succeeded";
  }

  /** Stripe's failure code; null unless the refund has failed. */
  public @Nullable String failureReason(Instant now) {
    return status(now).equals(FAILED) ? "expired_or_canceled_card" : null;
  }
}

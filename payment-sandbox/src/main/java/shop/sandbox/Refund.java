package shop.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Money that went back, whole or in part. Minor units.
 *
 * @param settlesAt until when it is pending; none if it is final as soon as it exists
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
    @Nullable Instant settlesAt) {

  /**
   * What a merchant asks for.
   *
   * @param part minor units; null is all that is left
   */
  public record Request(
      @Nullable Long part, @Nullable String reason, Map<String, String> metadata) {}

  /**
   * Gives captured money back.
   *
   * @param slow how long it is pending, if the payment method gives back slowly
   * @throws StripeError if nothing was captured, or less is left than is asked for
   */
  public static Refund of(
      PaymentIntent intent, Request request, String id, Instant now, Duration slow) {
    if (intent.status() != IntentStatus.SUCCEEDED) {
      throw StripeError.unexpectedState(
          "This PaymentIntent (%s) does not have a successful charge to refund."
              .formatted(intent.id()),
          intent);
    }
    long left = intent.amountReceived() - intent.amountRefunded();
    var part = request.part();
    if (left == 0) {
      throw StripeError.refused(
          "charge_already_refunded",
          "Charge %s has already been refunded.".formatted(intent.charge()));
    }
    if (part != null && part > left) {
      throw StripeError.badParameter(
          null,
          "Refund amount (%d %s) is greater than unrefunded amount on charge (%d %s)"
              .formatted(part, intent.currency(), left, intent.currency()),
          "amount");
    }
    boolean slowly =
        TestPaymentMethod.of(String.valueOf(intent.paymentMethod()))
            .filter(TestPaymentMethod::refundsSlowly)
            .isPresent();
    return new Refund(
        id,
        now,
        intent.id(),
        String.valueOf(intent.charge()),
        part == null ? left : part,
        intent.currency(),
        request.reason(),
        request.metadata(),
        slowly ? now.plus(slow) : null);
  }

  /** Stripe's word for how far it has got. */
  public String status(Instant now) {
    return settlesAt != null && now.isBefore(settlesAt) ? "pending" : "succeeded";
  }
}

package shop.order;

import org.jspecify.annotations.Nullable;

/**
 * The one table of what may happen to an order. Every pair of a state and an input has its row;
 * nothing else in the platform decides about an order's state.
 */
public final class Transitions {

  private Transitions() {}

  /** What is to be done about an input. */
  public sealed interface Decision {}

  /** The order goes on: the event is the next of its history. */
  public record Accepted(OrderEvent event, OrderState state) implements Decision {}

  /** Nothing changes, and nothing is wrong. */
  public record Unchanged(String reason) implements Decision {}

  /** This cannot be true of this order; somebody has to look. */
  public record Impossible(String reason) implements Decision {}

  /** A customer places the order. */
  public static Decision on(@Nullable OrderState state, PlaceOrder order) {
    return state == null
        ? new Accepted(new OrderEvent.Placed(order), OrderState.placed(order))
        : new Unchanged("placed before");
  }

  /** Payment-service tells a fact. */
  public static Decision on(@Nullable OrderState state, PaymentFact fact) {
    if (state == null) {
      return new Impossible("A payment of an order that was never placed");
    }
    return switch (state.status()) {
      case PLACED ->
          switch (fact) {
            case PaymentFact.Captured captured -> accept(state, confirmed(state, captured));
            case PaymentFact.Declined declined -> accept(state, failed(state, declined));
          };
      case CONFIRMED ->
          switch (fact) {
            case PaymentFact.Captured _ -> new Unchanged("captured before");
            case PaymentFact.Declined _ -> new Impossible("Declined after it was captured");
          };
      case PAYMENT_FAILED ->
          switch (fact) {
            case PaymentFact.Captured _ ->
                new Impossible("Captured after it was declined: the customer is owed a refund");
            case PaymentFact.Declined _ -> new Unchanged("declined before");
          };
    };
  }

  private static Decision accept(OrderState state, OrderEvent event) {
    return new Accepted(event, state.after(event));
  }

  private static OrderEvent confirmed(OrderState state, PaymentFact.Captured captured) {
    return new OrderEvent.Confirmed(
        state.customerId(), state.total(), captured.paymentIntentId(), state.placedAt());
  }

  private static OrderEvent failed(OrderState state, PaymentFact.Declined declined) {
    return new OrderEvent.PaymentFailed(
        state.customerId(), state.total(), declined.reason(), state.placedAt());
  }
}

package shop.order;

import static shop.order.OrderState.Progress.DONE;
import static shop.order.OrderState.Progress.FAILED;
import static shop.order.OrderState.Progress.REQUESTED;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * The one table of what may happen to an order. Every pair of a state and an input has its row;
 * nothing else in the platform decides about an order's state.
 */
public final class Transitions {

  /** More refunds than anybody needs; bounds what is remembered of an order. */
  static final int MAX_REFUNDS = 100;

  private Transitions() {}

  /** What is to be done about an input. */
  public sealed interface Decision {}

  /** What a command comes to. */
  sealed interface Verdict {}

  /** The order goes on: the event is the next of its history. */
  public record Accepted(OrderEvent event, OrderState state) implements Decision, Verdict {}

  /** No event, but something to remember. */
  public record Noted(OrderState state) implements Decision {}

  /** Nothing changes, and nothing is wrong. */
  public record Unchanged(String reason) implements Decision {}

  /** A command that changes nothing; whoever gave it is told. */
  public record Answered(CommandAnswer answer) implements Decision {}

  /** This cannot be true of this order; somebody has to look. */
  public record Impossible(String reason) implements Decision {}

  record Refused(String reason, String detail) implements Verdict {}

  /** A customer places the order. */
  public static Decision on(@Nullable OrderState state, PlaceOrder order) {
    return state == null
        ? new Accepted(new OrderEvent.Placed(order), OrderState.placed(order))
        : new Unchanged("placed before");
  }

  /** Somebody asks something of the order. */
  public static Decision on(@Nullable OrderState state, String commandId, OrderCommand command) {
    if (state == null) {
      return new Answered(
          CommandAnswer.rejected(commandId, command.type(), "not-placed", "It was never placed"));
    }
    @Nullable Long before = state.commands().get(commandId);
    if (before != null) {
      return new Answered(CommandAnswer.repeated(commandId, command.type(), before));
    }
    var verdict =
        switch (command) {
          case OrderCommand.Cancel cancel -> cancel(state, cancel);
          case OrderCommand.Refund refund -> refund(state, refund);
          case OrderCommand.Ship ship -> ship(state, ship);
          case OrderCommand.Deliver _ -> deliver(state);
        };
    return switch (verdict) {
      case Accepted(var event, var after) -> new Accepted(event, after.accepted(commandId));
      case Refused(var reason, var detail) ->
          new Answered(CommandAnswer.rejected(commandId, command.type(), reason, detail));
    };
  }

  /** Payment-service tells a fact. */
  public static Decision on(@Nullable OrderState state, PaymentFact fact) {
    if (state == null) {
      return new Impossible("A payment of an order that was never placed");
    }
    return switch (fact) {
      case PaymentFact.Started started -> started(state, started.paymentIntentId());
      case PaymentFact.Captured captured -> captured(state, captured.paymentIntentId());
      case PaymentFact.Declined declined -> declined(state, declined.reason());
      case PaymentFact.Voided voided -> voided(state, voided.paymentIntentId());
      case PaymentFact.Refunded refunded -> refunded(state, refunded.refundId(), refunded.amount());
      case PaymentFact.RefundFailed failed -> refundFailed(state, failed);
    };
  }

  private static Verdict cancel(OrderState state, OrderCommand.Cancel cancel) {
    return switch (state.status()) {
      case PLACED -> accepted(state, cancelRequested(state, cancel.reason()));
      case CONFIRMED ->
          state.sumOf(REQUESTED).amount() == 0
              ? accepted(state, cancelRequested(state, cancel.reason()))
              : new Refused("refund-under-way", "A refund is under way; cancel once it is done");
      case SHIPPED, DELIVERED ->
          new Refused("already-shipped", "It was shipped and can no longer be cancelled");
      case PAYMENT_FAILED ->
          new Refused("payment-failed", "Its payment failed; there is nothing to cancel");
      case CANCELLING, CANCELLED -> new Refused("already-cancelled", "It is cancelled already");
      case REFUNDED -> new Refused("already-refunded", "All its money was given back already");
    };
  }

  private static Verdict refund(OrderState state, OrderCommand.Refund refund) {
    return switch (state.status()) {
      case CONFIRMED, SHIPPED, DELIVERED -> refundOfPaid(state, refund);
      case PLACED -> new Refused("not-paid", "It is not paid yet; cancel it instead");
      case PAYMENT_FAILED, CANCELLED -> new Refused("not-paid", "Nothing was charged for it");
      case CANCELLING -> new Refused("already-cancelled", "It is being cancelled");
      case REFUNDED -> new Refused("already-refunded", "All its money was given back already");
    };
  }

  private static Verdict refundOfPaid(OrderState state, OrderCommand.Refund refund) {
    var left = state.refundable();
    var amount = refund.amount() == null ? left : refund.amount();
    if (state.refunds().size() >= MAX_REFUNDS) {
      return new Refused("too-many-refunds", "It has had %d refunds".formatted(MAX_REFUNDS));
    }
    if (!amount.currency().equals(left.currency())) {
      return new Refused("other-currency", "It was paid in " + left.currency());
    }
    if (amount.amount() <= 0 || amount.amount() > left.amount()) {
      return new Refused(
          "refund-too-large",
          "Of what was paid %d (minor units of %s) can still be refunded"
              .formatted(left.amount(), left.currency()));
    }
    var event =
        new OrderEvent.RefundRequested(
            state.customerId(),
            refund.refundId(),
            amount,
            refund.reason(),
            state.paymentIntentId(),
            state.placedAt());
    return new Accepted(event, state.with(refund.refundId(), amount, REQUESTED).after(event));
  }

  private static Verdict ship(OrderState state, OrderCommand.Ship ship) {
    return switch (state.status()) {
      case CONFIRMED ->
          state.refundable().amount() > 0
              ? accepted(
                  state,
                  new OrderEvent.Shipped(
                      state.customerId(),
                      state.total(),
                      ship.shipmentId(),
                      ship.carrier(),
                      ship.trackingNumber(),
                      state.placedAt()))
              : new Refused("refund-under-way", "All its money is being given back");
      case PLACED -> new Refused("not-paid", "It is not paid yet");
      case PAYMENT_FAILED -> new Refused("not-paid", "Its payment failed");
      case CANCELLING, CANCELLED -> new Refused("already-cancelled", "It is cancelled");
      case SHIPPED, DELIVERED -> new Refused("already-shipped", "It was shipped already");
      case REFUNDED -> new Refused("already-refunded", "All its money was given back");
    };
  }

  private static Verdict deliver(OrderState state) {
    return switch (state.status()) {
      case SHIPPED ->
          accepted(
              state, new OrderEvent.Delivered(state.customerId(), state.total(), state.placedAt()));
      case PLACED, CONFIRMED, PAYMENT_FAILED, CANCELLING, CANCELLED ->
          new Refused("not-shipped", "It was not shipped");
      case DELIVERED -> new Refused("already-delivered", "It was delivered already");
      case REFUNDED -> new Refused("already-refunded", "All its money was given back");
    };
  }

  private static Decision started(OrderState state, String intentId) {
    return switch (state.status()) {
      case PLACED, CANCELLING ->
          state.startedIntentId() == null
              ? new Noted(state.started(intentId))
              : new Unchanged("started before");
      case CONFIRMED, SHIPPED, DELIVERED, PAYMENT_FAILED, CANCELLED, REFUNDED ->
          new Unchanged("only the first intent is ever confirmed");
    };
  }

  private static Decision captured(OrderState state, String intentId) {
    if (state.paymentIntentId() != null) {
      return state.paymentIntentId().equals(intentId)
          ? new Unchanged("captured before")
          : new Impossible("Captured twice: the customer is owed a refund");
    }
    var charged = state.charged(intentId);
    return switch (state.status()) {
      case PLACED ->
          accepted(
              charged,
              new OrderEvent.Confirmed(
                  state.customerId(), state.total(), intentId, state.placedAt()));
      case PAYMENT_FAILED, CANCELLED ->
          accepted(charged, cancelRequested(charged, "charged after it had ended"));
      case CANCELLING, CONFIRMED, SHIPPED, DELIVERED, REFUNDED -> new Noted(charged);
    };
  }

  private static Decision declined(OrderState state, String reason) {
    return switch (state.status()) {
      case PLACED ->
          accepted(
              state,
              new OrderEvent.PaymentFailed(
                  state.customerId(), state.total(), reason, state.placedAt()));
      case CANCELLING -> new Unchanged("declined; its being voided ends the cancel");
      case PAYMENT_FAILED, CANCELLED -> new Unchanged("declined before");
      case CONFIRMED, SHIPPED, DELIVERED, REFUNDED ->
          new Impossible("Declined after it was captured");
    };
  }

  private static Decision voided(OrderState state, @Nullable String intentId) {
    if (intentId == null && state.startedIntentId() != null) {
      return new Unchanged("an intent was started before; its end is what counts");
    }
    return switch (state.status()) {
      case PLACED, CANCELLING ->
          state.paymentIntentId() == null
              ? accepted(
                  state,
                  new OrderEvent.Cancelled(state.customerId(), state.total(), state.placedAt()))
              : new Impossible("Voided after it was captured");
      case PAYMENT_FAILED, CANCELLED -> new Unchanged("ended before without a charge");
      case CONFIRMED, SHIPPED, DELIVERED, REFUNDED ->
          new Impossible("Voided after it was captured");
    };
  }

  private static Decision refunded(OrderState state, UUID refundId, Money amount) {
    if (progress(state, refundId) == DONE) {
      return new Unchanged("refunded before");
    }
    return switch (state.status()) {
      case CONFIRMED, SHIPPED, DELIVERED, CANCELLING -> {
        var after = state.with(refundId, amount, DONE);
        var sum = after.sumOf(DONE);
        yield sum.amount() > state.total().amount()
            ? new Impossible("More was refunded than was charged")
            : accepted(
                after,
                new OrderEvent.Refunded(
                    state.customerId(), refundId, amount, sum, state.total(), state.placedAt()));
      }
      case PLACED, PAYMENT_FAILED, CANCELLED -> new Impossible("Refunded without a charge");
      case REFUNDED -> new Impossible("More was refunded than was charged");
    };
  }

  private static Decision refundFailed(OrderState state, PaymentFact.RefundFailed failed) {
    var known = progress(state, failed.refundId());
    if (known == FAILED || known == DONE) {
      return new Unchanged("its end is known");
    }
    return switch (state.status()) {
      case CONFIRMED, SHIPPED, DELIVERED, CANCELLING ->
          accepted(
              state.with(failed.refundId(), failed.amount(), FAILED),
              new OrderEvent.RefundFailed(
                  state.customerId(),
                  failed.refundId(),
                  failed.amount(),
                  failed.reason(),
                  state.total(),
                  state.placedAt()));
      case PLACED, PAYMENT_FAILED, CANCELLED, REFUNDED ->
          new Impossible("A refund failed where none was asked for");
    };
  }

  private static OrderState.@Nullable Progress progress(OrderState state, UUID refundId) {
    OrderState.@Nullable Refund refund = state.refunds().get(refundId);
    return refund == null ? null : refund.progress();
  }

  private static OrderEvent cancelRequested(OrderState state, String reason) {
    return new OrderEvent.CancelRequested(
        state.customerId(), state.total(), reason, state.paymentIntentId(), state.placedAt());
  }

  private static Accepted accepted(OrderState state, OrderEvent event) {
    return new Accepted(event, state.after(event));
  }
}

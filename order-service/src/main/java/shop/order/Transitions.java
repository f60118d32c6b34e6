package shop.order;

import static java.util.Objects.requireNonNull;
import static shop.order.OrderState.RefundState.DONE;
import static shop.order.OrderState.RefundState.FAILED;
import static shop.order.OrderState.RefundState.FAILED_LATER;
import static shop.order.OrderState.RefundState.REQUESTED;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * The transition table of orders: every pair of a status and an input has its row. Nothing else in
 * the platform decides about an order's state.
 */
public final class Transitions {

  /** More refunds than any order needs; bounds the size of the stored state. */
  static final int MAX_REFUNDS = 100;

  private Transitions() {}

  /** The decision about an input. */
  public sealed interface Decision {}

  /** Whether a command is accepted or rejected. */
  sealed interface Verdict {}

  /** The event is appended to the order's history and leads to the new state. */
  public record Accepted(OrderEvent event, OrderState state) implements Decision, Verdict {}

  /** The new state is stored; there is no event. */
  public record Noted(OrderState state) implements Decision {}

  /** The input is valid but changes nothing. */
  public record Unchanged(String reason) implements Decision {}

  /** The command changes nothing; the answer says why. */
  public record Answered(CommandAnswer answer) implements Decision {}

  /** The input contradicts the order's state; the record is dead-lettered. */
  public record Impossible(String reason) implements Decision {}

  record Rejected(String reason, String detail) implements Verdict {}

  /** A customer places the order, or an admin has redriven the command that places it. */
  public static Decision on(@Nullable OrderState state, PlaceOrder order) {
    if (mayBePlaced(state)) {
      return new Accepted(new OrderEvent.Placed(order), OrderState.placed(order));
    }
    return requireNonNull(state).wasPlaced()
        ? new Unchanged("placed before")
        : new Impossible("The order was cancelled, because its command had been discarded");
  }

  /** True if the order was neither placed nor cancelled, so that its command is to be read. */
  public static boolean mayBePlaced(@Nullable OrderState state) {
    return state == null || state.awaitsRedrive();
  }

  /**
   * The command to place an order arrives again, from the customer and not redriven. It is decided
   * without its data, so that it cannot become another dead letter.
   */
  public static Decision onRepeatedPlacement(OrderState state, String commandId) {
    CommandAnswer answer;
    if (state.wasPlaced()) {
      answer = CommandAnswer.repeated(commandId, PlaceOrder.TYPE, 1);
    } else if (state.awaitsRedrive()) {
      answer = withheld(commandId, PlaceOrder.TYPE).answer();
    } else {
      answer =
          CommandAnswer.rejected(
              commandId, PlaceOrder.TYPE, "already-cancelled", "The order is cancelled");
    }
    return new Answered(answer.withFingerprint(state.fingerprint()));
  }

  /** The command to place the order is dead-lettered. */
  public static Decision onDeadLetter(@Nullable OrderState state, OrderSummary summary) {
    return state == null
        ? new Noted(OrderState.withheld(summary))
        : new Unchanged("placed, withheld or cancelled before");
  }

  /** The dead letter of the command to place the order is discarded; its data is unreadable. */
  public static Decision onDiscard(@Nullable OrderState state) {
    return state != null && state.awaitsRedrive()
        ? new Noted(state.ended())
        : new Unchanged("the order is not withheld");
  }

  /** A customer or an admin sends a command. */
  public static Decision on(@Nullable OrderState state, String commandId, OrderCommand command) {
    if (state == null) {
      return new Answered(
          CommandAnswer.rejected(
              commandId, command.type(), "not-placed", "The order was never placed"));
    }
    if (state.awaitsRedrive()) {
      return withheld(commandId, command.type());
    }
    @Nullable Long before = state.commands().get(commandId);
    if (before != null) {
      return new Answered(
          state.isSameRequest(commandId, command)
              ? CommandAnswer.repeated(commandId, command.type(), before)
              : CommandAnswer.rejected(
                  commandId,
                  command.type(),
                  CommandAnswer.OTHER_REQUEST,
                  command instanceof OrderCommand.Cancel
                      ? "The order was cancelled before, with another reason. Repeat the first request to see its result"
                      : "This Idempotency-Key belongs to another request. Use a new key"));
    }
    var verdict =
        switch (command) {
          case OrderCommand.Cancel cancel -> cancel(state, cancel);
          case OrderCommand.Refund refund -> refund(state, refund);
          case OrderCommand.Ship ship -> ship(state, ship);
          case OrderCommand.Deliver _ -> deliver(state);
        };
    return switch (verdict) {
      case Accepted(var event, var after) ->
          new Accepted(event, after.accepted(commandId, command));
      case Rejected(var reason, var detail) ->
          new Answered(CommandAnswer.rejected(commandId, command.type(), reason, detail));
    };
  }

  /** Payment-service reports a fact. */
  public static Decision on(@Nullable OrderState state, PaymentFact fact) {
    if (state == null || !state.wasPlaced()) {
      return new Impossible("A payment fact about an order that was never placed");
    }
    return switch (fact) {
      case PaymentFact.Started started -> started(state, started.paymentIntentId());
      case PaymentFact.Captured captured -> captured(state, captured.paymentIntentId());
      case PaymentFact.Declined declined -> declined(state, declined);
      case PaymentFact.Voided voided -> voided(state, voided.paymentIntentId());
      case PaymentFact.Refunded refunded -> refunded(state, refunded.refundId(), refunded.amount());
      case PaymentFact.RefundFailed failed -> refundFailed(state, failed);
      case PaymentFact.RefundFailedLater failed -> refundFailedLater(state, failed);
    };
  }

  private static Answered withheld(String commandId, String command) {
    return new Answered(
        CommandAnswer.rejected(
            commandId,
            command,
            "withheld",
            "The order was accepted, but could not be processed yet. It is being looked into"));
  }

  private static Verdict cancel(OrderState state, OrderCommand.Cancel cancel) {
    return switch (state.status()) {
      case PLACED -> accepted(state, cancelRequested(state, cancel.reason()));
      case CONFIRMED ->
          state.sumOf(REQUESTED).amount() == 0
              ? accepted(state, cancelRequested(state, cancel.reason()))
              : new Rejected(
                  "refund-under-way",
                  "A refund is in progress; cancel the order when it is complete");
      case SHIPPED, DELIVERED ->
          new Rejected("already-shipped", "The order was shipped and can no longer be cancelled");
      case PAYMENT_FAILED ->
          new Rejected("payment-failed", "The payment failed; there is nothing to cancel");
      case CANCELLING, CANCELLED ->
          new Rejected("already-cancelled", "The order is already cancelled or being cancelled");
      case REFUNDED -> new Rejected("already-refunded", "The order is already fully refunded");
    };
  }

  private static Verdict refund(OrderState state, OrderCommand.Refund refund) {
    return switch (state.status()) {
      case CONFIRMED, SHIPPED, DELIVERED -> refundOfPaid(state, refund);
      case PLACED -> new Rejected("not-paid", "The order is not paid yet; cancel it instead");
      case PAYMENT_FAILED, CANCELLED ->
          new Rejected("not-paid", "Nothing was charged for the order");
      case CANCELLING -> new Rejected("already-cancelled", "The order is being cancelled");
      case REFUNDED ->
          state.owesRefund()
              ? refundOfPaid(state, refund)
              : new Rejected("already-refunded", "The order is already fully refunded");
    };
  }

  private static Verdict refundOfPaid(OrderState state, OrderCommand.Refund refund) {
    var refundable = state.refundable();
    var amount = refund.amount() == null ? refundable : refund.amount();
    if (state.refunds().size() >= MAX_REFUNDS) {
      return new Rejected(
          "too-many-refunds",
          "The order has reached the limit of %d refunds".formatted(MAX_REFUNDS));
    }
    if (!amount.currency().equals(refundable.currency())) {
      return new Rejected("other-currency", "The order was paid in " + refundable.currency());
    }
    if (amount.amount() <= 0 || amount.amount() > refundable.amount()) {
      return new Rejected(
          "refund-too-large",
          "At most %d (minor units of %s) can still be refunded"
              .formatted(refundable.amount(), refundable.currency()));
    }
    var event =
        new OrderEvent.RefundRequested(
            state.customerId(),
            refund.refundId(),
            amount,
            refund.reason(),
            state.paymentIntentId(),
            state.placedAt());
    return new Accepted(event, state.withRefund(refund.refundId(), amount, REQUESTED).after(event));
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
              : new Rejected("refund-under-way", "The whole amount is being refunded");
      case PLACED -> new Rejected("not-paid", "The order is not paid yet");
      case PAYMENT_FAILED -> new Rejected("not-paid", "The payment failed");
      case CANCELLING, CANCELLED ->
          new Rejected("already-cancelled", "The order is cancelled or being cancelled");
      case SHIPPED, DELIVERED -> new Rejected("already-shipped", "The order is already shipped");
      case REFUNDED -> new Rejected("already-refunded", "The order is already fully refunded");
    };
  }

  private static Verdict deliver(OrderState state) {
    return switch (state.status()) {
      case SHIPPED ->
          accepted(
              state, new OrderEvent.Delivered(state.customerId(), state.total(), state.placedAt()));
      case PLACED, CONFIRMED, PAYMENT_FAILED, CANCELLING, CANCELLED ->
          new Rejected("not-shipped", "The order was not shipped");
      case DELIVERED -> new Rejected("already-delivered", "The order is already delivered");
      case REFUNDED -> new Rejected("already-refunded", "The order is already fully refunded");
    };
  }

  private static Decision started(OrderState state, String intentId) {
    return switch (state.status()) {
      case PLACED, CANCELLING ->
          state.startedIntentId() == null
              ? new Noted(state.started(intentId))
              : new Unchanged("started before");
      case CONFIRMED, SHIPPED, DELIVERED, PAYMENT_FAILED, CANCELLED, REFUNDED ->
          new Unchanged("only the first intent is recorded");
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
          accepted(charged, cancelRequested(charged, "charged after the order had ended"));
      case CANCELLING, CONFIRMED, SHIPPED, DELIVERED, REFUNDED -> new Noted(charged);
    };
  }

  private static Decision declined(OrderState state, PaymentFact.Declined declined) {
    boolean withoutIntent = declined.paymentIntentId() == null;
    if (withoutIntent && state.startedIntentId() != null) {
      return new Unchanged("an intent was started before; only its own result counts");
    }
    return switch (state.status()) {
      case PLACED ->
          accepted(
              state,
              new OrderEvent.PaymentFailed(
                  state.customerId(), state.total(), declined.reason(), state.placedAt()));
      case CANCELLING -> withoutIntent ? neverStarted(state) : declinedWhileCancelling();
      case PAYMENT_FAILED, CANCELLED -> new Unchanged("declined before");
      case CONFIRMED, SHIPPED, DELIVERED, REFUNDED ->
          new Impossible("Declined after it was captured");
    };
  }

  private static Decision declinedWhileCancelling() {
    return new Unchanged("declined; the cancellation ends when the payment is voided");
  }

  /** No intent can be started after a decline without one, so this ends a cancel like a void. */
  private static Decision neverStarted(OrderState state) {
    return state.paymentIntentId() == null
        ? accepted(
            state, new OrderEvent.Cancelled(state.customerId(), state.total(), state.placedAt()))
        : new Impossible("Declined after it was captured");
  }

  private static Decision voided(OrderState state, @Nullable String intentId) {
    if (intentId == null && state.startedIntentId() != null) {
      return new Unchanged("an intent was started before; only its own result counts");
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
    var known = refundState(state, refundId);
    if (known == DONE || known == FAILED_LATER) {
      return new Unchanged("refunded before");
    }
    return switch (state.status()) {
      case CONFIRMED, SHIPPED, DELIVERED, CANCELLING, REFUNDED -> {
        var after = state.withRefund(refundId, amount, DONE);
        var sum = after.sumOf(DONE);
        yield sum.amount() > state.total().amount()
            ? new Impossible("More was refunded than was charged")
            : accepted(
                after,
                new OrderEvent.Refunded(
                    state.customerId(), refundId, amount, sum, state.total(), state.placedAt()));
      }
      case PLACED, PAYMENT_FAILED, CANCELLED -> new Impossible("Refunded without a charge");
    };
  }

  private static Decision refundFailed(OrderState state, PaymentFact.RefundFailed failed) {
    var known = refundState(state, failed.refundId());
    if (known == FAILED || known == FAILED_LATER || known == DONE) {
      return new Unchanged("the result of the refund is known");
    }
    return switch (state.status()) {
      case CONFIRMED, SHIPPED, DELIVERED, CANCELLING -> acceptedFailure(state, failed);
      case REFUNDED ->
          state.owesRefund()
              ? acceptedFailure(state, failed)
              : new Impossible("A refund failed that was never requested");
      case PLACED, PAYMENT_FAILED, CANCELLED ->
          new Impossible("A refund failed that was never requested");
    };
  }

  private static Decision acceptedFailure(OrderState state, PaymentFact.RefundFailed failed) {
    return accepted(
        state.withRefund(failed.refundId(), failed.amount(), FAILED),
        new OrderEvent.RefundFailed(
            state.customerId(),
            failed.refundId(),
            failed.amount(),
            failed.reason(),
            state.total(),
            state.placedAt()));
  }

  /** A refunded order stays REFUNDED: its pieces were released, so it cannot be shipped again. */
  private static Decision refundFailedLater(
      OrderState state, PaymentFact.RefundFailedLater failed) {
    var known = refundState(state, failed.refundId());
    if (known == FAILED_LATER || known == FAILED) {
      return new Unchanged("the failure of the refund is known");
    }
    return switch (state.status()) {
      case CONFIRMED, SHIPPED, DELIVERED, CANCELLING, REFUNDED -> {
        if (known == null) {
          yield new Impossible("A refund failed later that was never made");
        }
        var after = state.withRefund(failed.refundId(), failed.amount(), FAILED_LATER);
        yield accepted(
            after,
            new OrderEvent.RefundFailedLater(
                state.customerId(),
                failed.refundId(),
                failed.amount(),
                after.sumOf(DONE),
                failed.reason(),
                state.total(),
                state.placedAt()));
      }
      case PLACED, PAYMENT_FAILED, CANCELLED ->
          new Impossible("A refund failed later that was never made");
    };
  }

  private static OrderState.@Nullable RefundState refundState(OrderState state, UUID refundId) {
    OrderState.@Nullable Refund refund = state.refunds().get(refundId);
    return refund == null ? null : refund.state();
  }

  private static OrderEvent cancelRequested(OrderState state, String reason) {
    return new OrderEvent.CancelRequested(
        state.customerId(), state.total(), reason, state.paymentIntentId(), state.placedAt());
  }

  private static Accepted accepted(OrderState state, OrderEvent event) {
    return new Accepted(event, state.after(event));
  }
}

package shop.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * The state of an order that the processor stores and decides by.
 *
 * @param status its current status
 * @param sequence number of its last event, from 1; 0 for an order that is withheld, or was
 *     cancelled while it was
 * @param customerId of the customer who placed it
 * @param total the price of the order
 * @param placedAt when it was placed
 * @param fingerprint of the request that placed it; null for orders of earlier versions
 * @param startedIntentId the first intent that payment-service reported; null before
 * @param paymentIntentId the intent by which the customer was charged; null before
 * @param refunds the state of each refund, by its id
 * @param commands the number of the event of each accepted command, by the command's id
 * @param requests the fingerprint of each accepted command's request, by the command's id
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record OrderState(
    OrderStatus status,
    long sequence,
    UUID customerId,
    Money total,
    Instant placedAt,
    @Nullable String fingerprint,
    @Nullable String startedIntentId,
    @Nullable String paymentIntentId,
    Map<UUID, Refund> refunds,
    Map<String, Long> commands,
    Map<String, String> requests) {

  /** A refund. Its JSON is stored: {@code state} is called {@code progress} there. */
  public record Refund(Money amount, @JsonProperty("progress") RefundState state) {}

  /** The state of a refund. */
  public enum RefundState {
    REQUESTED,
    DONE,
    FAILED,
    FAILED_LATER
  }

  public OrderState {
    refunds = refunds == null ? Map.of() : Map.copyOf(refunds);
    commands = commands == null ? Map.of() : Map.copyOf(commands);
    requests = requests == null ? Map.of() : Map.copyOf(requests);
  }

  static OrderState placed(PlaceOrder order) {
    return new OrderState(
        OrderStatus.PLACED,
        1,
        order.customerId(),
        order.total(),
        order.createdAt(),
        order.fingerprint(),
        null,
        null,
        Map.of(),
        Map.of(),
        Map.of());
  }

  /** The state of an order whose command is a dead letter. */
  static OrderState withheld(OrderSummary summary) {
    return new OrderState(
        OrderStatus.PLACED,
        0,
        summary.customerId(),
        summary.total(),
        summary.createdAt(),
        summary.fingerprint(),
        null,
        null,
        Map.of(),
        Map.of(),
        Map.of());
  }

  /** True if an event has placed the order. */
  boolean wasPlaced() {
    return sequence > 0;
  }

  /** True if the command to place the order is a dead letter, on which nobody has decided yet. */
  boolean awaitsRedrive() {
    return !wasPlaced() && status == OrderStatus.PLACED;
  }

  /** The state of a withheld order whose dead letter was discarded. */
  OrderState ended() {
    return copy(OrderStatus.CANCELLED, sequence, startedIntentId, paymentIntentId, refunds);
  }

  /** The state after one more event. */
  OrderState after(OrderEvent event) {
    var next = event.status();
    return copy(
        next == null ? status : next, sequence + 1, startedIntentId, paymentIntentId, refunds);
  }

  /** The same state, with a command that was dead-lettered after the last event. */
  public OrderState deadLettered(String commandId) {
    var more = new LinkedHashMap<>(commands);
    more.put(commandId, sequence);
    return withCommands(more, requests);
  }

  /** The same state, with the command that caused the last event. */
  OrderState accepted(String commandId, OrderCommand command) {
    var moreCommands = new LinkedHashMap<>(commands);
    moreCommands.put(commandId, sequence);
    var moreRequests = new LinkedHashMap<>(requests);
    moreRequests.put(commandId, command.fingerprint());
    return withCommands(moreCommands, moreRequests);
  }

  private OrderState withCommands(Map<String, Long> commands, Map<String, String> requests) {
    return new OrderState(
        status,
        sequence,
        customerId,
        total,
        placedAt,
        fingerprint,
        startedIntentId,
        paymentIntentId,
        refunds,
        commands,
        requests);
  }

  /** False if the command's id belongs to another request; unknown ones count as the same. */
  boolean isSameRequest(String commandId, OrderCommand command) {
    @Nullable String known = requests.get(commandId);
    return known == null || known.equals(command.fingerprint());
  }

  OrderState started(String intentId) {
    return copy(status, sequence, intentId, paymentIntentId, refunds);
  }

  OrderState charged(String intentId) {
    return copy(status, sequence, startedIntentId, intentId, refunds);
  }

  OrderState withRefund(UUID refundId, Money amount, RefundState state) {
    var more = new LinkedHashMap<>(refunds);
    more.put(refundId, new Refund(amount, state));
    return copy(status, sequence, startedIntentId, paymentIntentId, more);
  }

  /** A copy that keeps the commands and everything that was fixed when the order was placed. */
  private OrderState copy(
      OrderStatus status,
      long sequence,
      @Nullable String startedIntentId,
      @Nullable String paymentIntentId,
      Map<UUID, Refund> refunds) {
    return new OrderState(
        status,
        sequence,
        customerId,
        total,
        placedAt,
        fingerprint,
        startedIntentId,
        paymentIntentId,
        refunds,
        commands,
        requests);
  }

  /** The sum of the refunds in a state. */
  Money sumOf(RefundState state) {
    return refunds.values().stream()
        .filter(refund -> refund.state() == state)
        .map(Refund::amount)
        .reduce(new Money(0, total.currency()), Money::plus);
  }

  /** True if the refunds that were made, without those that failed, are less than the charge. */
  boolean owesRefund() {
    return sumOf(RefundState.DONE).amount() < total.amount();
  }

  /** The amount that can still be refunded. */
  Money refundable() {
    return total.minus(sumOf(RefundState.REQUESTED)).minus(sumOf(RefundState.DONE));
  }
}

package shop.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * What the processor remembers of an order to decide about it.
 *
 * @param status where it stands
 * @param sequence number of its last event, from 1
 * @param customerId whose it is
 * @param total what it costs
 * @param placedAt when it was placed
 * @param startedIntentId the first intent that payment-service logged; null if it logged none
 * @param paymentIntentId what the customer was charged by; null while nothing was captured
 * @param refunds what became of each refund
 * @param commands the accepted commands, each with the number of its event
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record OrderState(
    OrderStatus status,
    long sequence,
    UUID customerId,
    Money total,
    Instant placedAt,
    @Nullable String startedIntentId,
    @Nullable String paymentIntentId,
    Map<UUID, Refund> refunds,
    Map<String, Long> commands) {

  /** A refund and where it stands. */
  public record Refund(Money amount, Progress progress) {}

  /** Where a refund stands. */
  public enum Progress {
    REQUESTED,
    DONE,
    FAILED
  }

  public OrderState {
    refunds = refunds == null ? Map.of() : Map.copyOf(refunds);
    commands = commands == null ? Map.of() : Map.copyOf(commands);
  }

  static OrderState placed(PlaceOrder order) {
    return new OrderState(
        OrderStatus.PLACED,
        1,
        order.customerId(),
        order.total(),
        order.createdAt(),
        null,
        null,
        Map.of(),
        Map.of());
  }

  /** After one more event. */
  OrderState after(OrderEvent event) {
    var next = event.status();
    return copy(
        next == null ? status : next,
        sequence + 1,
        startedIntentId,
        paymentIntentId,
        refunds,
        commands);
  }

  /** The same, knowing that the last event accepted a command. */
  OrderState accepted(String commandId) {
    var more = new LinkedHashMap<>(commands);
    more.put(commandId, sequence);
    return copy(status, sequence, startedIntentId, paymentIntentId, refunds, more);
  }

  OrderState started(String intentId) {
    return copy(status, sequence, intentId, paymentIntentId, refunds, commands);
  }

  OrderState charged(String intentId) {
    return copy(status, sequence, startedIntentId, intentId, refunds, commands);
  }

  OrderState with(UUID refundId, Money amount, Progress progress) {
    var more = new LinkedHashMap<>(refunds);
    more.put(refundId, new Refund(amount, progress));
    return copy(status, sequence, startedIntentId, paymentIntentId, more, commands);
  }

  /** The same order, of which what was placed stays. */
  private OrderState copy(
      OrderStatus status,
      long sequence,
      @Nullable String startedIntentId,
      @Nullable String paymentIntentId,
      Map<UUID, Refund> refunds,
      Map<String, Long> commands) {
    return new OrderState(
        status,
        sequence,
        customerId,
        total,
        placedAt,
        startedIntentId,
        paymentIntentId,
        refunds,
        commands);
  }

  /** The sum of the refunds that stand there. */
  Money sumOf(Progress progress) {
    return refunds.values().stream()
        .filter(refund -> refund.progress() == progress)
        .map(Refund::amount)
        .reduce(new Money(0, total.currency()), Money::plus);
  }

  /** What can still be refunded. */
  Money refundable() {
    return total.minus(sumOf(Progress.REQUESTED)).minus(sumOf(Progress.DONE));
  }
}

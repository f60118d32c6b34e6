package shop.order;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The orders to list.
 *
 * @param customer only this customer's; null for all customers
 * @param status only orders of this status; null for all
 * @param from created at this time or later; null for all
 * @param to created before this time; null for all
 */
public record OrderFilter(
    @Nullable UUID customer,
    @Nullable OrderStatus status,
    @Nullable Instant from,
    @Nullable Instant to) {

  /** True if an order of this status belongs to the list, as far as the status is concerned. */
  public boolean admits(OrderStatus other) {
    return status == null || status == other;
  }

  /** The same, without orders created at a time or later. */
  public OrderFilter before(Instant time) {
    return to != null && to.isBefore(time) ? this : new OrderFilter(customer, status, from, time);
  }
}

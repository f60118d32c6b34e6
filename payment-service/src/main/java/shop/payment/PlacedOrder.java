package shop.payment;

import java.time.Instant;
import java.util.UUID;

/**
 * The order of the task that a thread works on, and when it was placed: of an order that is younger
 * than what memory holds, memory has every event.
 *
 * @param placedAt no later than its first payment event, apart from the difference of two clocks
 */
public record PlacedOrder(UUID orderId, Instant placedAt) {

  /** Bound while a task is executed whose order's age can be trusted. */
  public static final ScopedValue<PlacedOrder> CURRENT = ScopedValue.newInstance();
}

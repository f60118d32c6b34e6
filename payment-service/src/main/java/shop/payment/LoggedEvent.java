package shop.payment;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A payment event and where the log has it.
 *
 * @param partition the partition of its order
 * @param createdAt the record's timestamp: the clock of the instance that wrote it
 * @param at the event's time, to the microsecond, which is what PostgreSQL stores
 */
public record LoggedEvent(
    UUID orderId, int partition, long offset, Instant createdAt, PaymentEvent event, Instant at) {

  /** The payment after this event; null as long as it was neither started nor voided. */
  public @Nullable Payment applyTo(@Nullable Payment before) {
    return Payment.apply(before, orderId, event, at);
  }
}

package shop.payment;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The payments in PostgreSQL. It follows the log, and may be behind or away. */
public interface PaymentHistory {

  /**
   * The payment of an order as PostgreSQL has it.
   *
   * @param payment null if none of the events below the position started or voided it
   * @param next the offset in the order's partition up to which events were applied, exclusive
   */
  record Stored(@Nullable Payment payment, long next) {}

  /**
   * Reads payment and position together, as of one moment.
   *
   * @throws HistoryUnavailable if PostgreSQL does not respond
   */
  Stored find(UUID orderId, int partition);

  /**
   * The offset of each partition's next event to apply; a partition that is missing has none.
   *
   * @throws HistoryUnavailable if PostgreSQL does not respond
   */
  Map<Integer, Long> positions();
}

package shop.payment;

import java.util.Optional;
import java.util.UUID;

/**
 * The log of all payments. It alone decides a payment's state, not an instance's own memory. Every
 * method throws {@link HistoryUnavailable} for an order whose older events are in PostgreSQL while
 * that is away or behind: a payment that cannot be looked up is never taken for one that does not
 * exist.
 */
public interface Payments {

  /** The payment as of the records read so far; empty if it was neither started nor voided. */
  Optional<Payment> find(UUID orderId);

  /**
   * Reads the log up to its current end offsets, then returns the payment.
   *
   * @throws LogUnavailable if the end offsets are not fetched or not reached within the timeout
   */
  Optional<Payment> current(UUID orderId);

  /**
   * Appends an event and reads the log up to it.
   *
   * @return the payment as of that record, which may have another instance's intent
   * @throws LogUnavailable if the append is not acknowledged or not read back within the timeout
   */
  Payment append(UUID orderId, PaymentEvent event);
}

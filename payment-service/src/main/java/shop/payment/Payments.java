package shop.payment;

import java.util.Optional;
import java.util.UUID;

/** The log of all payments. What it says decides, not what this instance believes it has done. */
public interface Payments {

  /** What the log has told so far about an order; empty if nothing was started. */
  Optional<Payment> find(UUID orderId);

  /**
   * Appends an event and reads the log up to it.
   *
   * @return the payment as the log tells it then, which may name another instance's intent
   * @throws LogUnavailable if the append is not acknowledged or not read back in time
   */
  Payment record(UUID orderId, PaymentEvent event);
}

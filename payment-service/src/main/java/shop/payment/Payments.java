package shop.payment;

import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The log of all payments. What it says decides, not what this instance believes it has done. */
public interface Payments {

  /** What the log has told so far about an order; empty if nothing was started or voided. */
  Optional<Payment> find(UUID orderId);

  /**
   * Reads the log to its present end first, and tells then.
   *
   * @throws LogUnavailable if its end is not known or not reached in time
   */
  Optional<Payment> current(UUID orderId);

  /**
   * Reads the log to its present end first, and tells all there is then.
   *
   * @throws LogUnavailable if its end is not known or not reached in time
   */
  Stream<Payment> all();

  /**
   * Appends an event and reads the log up to it.
   *
   * @return the payment as the log tells it then, which may name another instance's intent
   * @throws LogUnavailable if the append is not acknowledged or not read back in time
   */
  Payment record(UUID orderId, PaymentEvent event);
}

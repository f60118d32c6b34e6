package shop.order;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The time limits of orders and their commands. Deadline, lease and hold are each longer than the
 * one before, so that a slow or paused instance cannot append an order whose claim or reservation
 * has expired.
 *
 * @param deadline from the start of the request until the command must be in the log; longer than
 *     the producer's {@code delivery.timeout.ms}
 * @param lease how long a claim of an idempotency key is valid
 * @param hold how long stock is reserved for an order that is not in the log
 * @param answerTtl how long the response to a key is stored byte for byte
 * @param resultTimeout how long a handler waits until the processor has decided a command
 */
@Validated
@ConfigurationProperties("shop.placement")
public record OrderTimings(
    @DefaultValue("12s") Duration deadline,
    @DefaultValue("15s") Duration lease,
    @DefaultValue("60s") Duration hold,
    @DefaultValue("24h") Duration answerTtl,
    @DefaultValue("5s") Duration resultTimeout) {

  public OrderTimings {
    if (deadline.compareTo(lease) >= 0 || lease.compareTo(hold) >= 0) {
      throw new IllegalArgumentException(
          "shop.placement: deadline < lease < hold is required, but they are %s, %s, %s"
              .formatted(deadline, lease, hold));
    }
  }
}

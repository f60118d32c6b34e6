package shop.order;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;
import shop.common.time.TimeLimits;

/**
 * The time limits of everything that reserves stock: orders and stock adjustments. Deadline, lease
 * and hold are each longer than the one before, so that a slow or paused instance cannot append an
 * order whose claim or reservation has expired. A deadline is set by the clock of an instance and
 * compared with the clock of a broker; the limits hold while these differ by no more than {@code
 * maxClockSkew}, see docs/clocks.md.
 *
 * @param deadline from the start of the request until its record must be in the log; longer than
 *     the producer's {@code delivery.timeout.ms} plus {@code maxClockSkew}
 * @param lease how long a claim of an idempotency key is valid
 * @param hold how long stock is reserved for a record that is not in the log
 * @param answerTtl how long the response to a key is stored byte for byte
 * @param resultTimeout how long a handler waits until the processor has decided a command
 * @param maxClockSkew by how much the clocks of instances, brokers and Redis may differ
 */
@Validated
@ConfigurationProperties("shop.placement")
public record OrderTimings(
    @DefaultValue("16s") Duration deadline,
    @DefaultValue("22s") Duration lease,
    @DefaultValue("60s") Duration hold,
    @DefaultValue("24h") Duration answerTtl,
    @DefaultValue("5s") Duration resultTimeout,
    @DefaultValue("5s") Duration maxClockSkew) {

  public OrderTimings {
    if (maxClockSkew.isNegative()) {
      throw new IllegalArgumentException("shop.placement.max-clock-skew must not be negative");
    }
    TimeLimits.requireLonger(
        "shop.placement.lease",
        lease,
        "shop.placement.deadline plus max-clock-skew",
        deadline.plus(maxClockSkew));
    TimeLimits.requireLonger("shop.placement.hold", hold, "shop.placement.lease", lease);
  }

  /**
   * How long after the start of its request a record can still be appended in time: its deadline,
   * by the clock of a broker that may be behind.
   */
  public Duration appendWindow() {
    return deadline.plus(maxClockSkew);
  }
}

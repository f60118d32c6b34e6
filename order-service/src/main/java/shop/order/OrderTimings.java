package shop.order;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The times of placing an order. Each is longer than the one before, so that whoever is slow or
 * stopped cannot append an order whose claim or reservation is gone.
 *
 * @param deadline from the start until the command must be in the log; longer than the producer's
 *     {@code delivery.timeout.ms}
 * @param lease how long a claim of a key lasts
 * @param hold how long a reservation waits for its order to be in the log
 * @param answerLife how long an answer is kept word for word
 */
@Validated
@ConfigurationProperties("shop.placement")
public record OrderTimings(
    @DefaultValue("12s") Duration deadline,
    @DefaultValue("15s") Duration lease,
    @DefaultValue("60s") Duration hold,
    @DefaultValue("24h") Duration answerLife) {

  public OrderTimings {
    if (deadline.compareTo(lease) >= 0 || lease.compareTo(hold) >= 0) {
      throw new IllegalArgumentException(
          "shop.placement: deadline < lease < hold is needed, not %s, %s, %s"
              .formatted(deadline, lease, hold));
    }
  }
}

package shop.order.eviction;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When orders leave Redis for PostgreSQL.
 *
 * @param after age at which an order may leave
 * @param every interval of the search for such orders
 */
@Validated
@ConfigurationProperties("shop.eviction")
public record EvictionSettings(
    @DefaultValue("48h") Duration after, @DefaultValue("1s") Duration every) {

  private static final Duration MIN_LAG = Duration.ofMinutes(1);

  public EvictionSettings {
    if (!after.isPositive() || !every.isPositive()) {
      throw new IllegalArgumentException("shop.eviction: 'after' and 'every' must be positive");
    }
  }

  /**
   * By how much PostgreSQL may be behind the log so that an order that neither it nor Redis has
   * does not exist.
   */
  public Duration maxLag() {
    return after.compareTo(MIN_LAG) > 0 ? after : MIN_LAG;
  }
}

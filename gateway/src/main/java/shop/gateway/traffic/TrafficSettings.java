package shop.gateway.traffic;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Which requests are recorded.
 *
 * @param gateway name of this gateway in the records
 * @param sampling share of the requests that are recorded, 0 to 1
 * @param buffer memory for records that Kafka has not taken yet; more are dropped
 */
@ConfigurationProperties("shop.traffic")
record TrafficSettings(
    @DefaultValue("gateway") String gateway,
    @DefaultValue("1") double sampling,
    @DefaultValue("8MB") DataSize buffer) {

  private static final DataSize LEAST = DataSize.ofKilobytes(256);

  /** Checks the values. */
  TrafficSettings {
    if (!(sampling >= 0 && sampling <= 1)) {
      throw new IllegalArgumentException(
          "shop.traffic.sampling is " + sampling + "; allowed are 0 to 1");
    }
    if (buffer.compareTo(LEAST) < 0) {
      throw new IllegalArgumentException(
          "shop.traffic.buffer is " + buffer + "; at least " + LEAST + " is needed");
    }
  }
}

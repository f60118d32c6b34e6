package shop.order.storage;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How much of the brokers' disks the log may use.
 *
 * @param limit the size of a broker's log from which new orders are refused; 0 for no limit
 * @param free the free space of a broker's volume below which new orders are refused; 0 for none
 * @param checkInterval the interval of the checks
 */
@Validated
@ConfigurationProperties("shop.storage")
record StorageSettings(
    @DefaultValue("20GB") DataSize limit,
    @DefaultValue("1GB") DataSize free,
    @DefaultValue("10s") Duration checkInterval) {

  StorageSettings {
    if (limit.isNegative() || free.isNegative()) {
      throw new IllegalArgumentException(
          "shop.storage.limit and shop.storage.free must not be negative; 0 switches one off");
    }
  }
}

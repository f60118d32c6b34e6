package shop.common.web;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of requests.
 *
 * @param maxBodySize of a request's body; a larger one is 413
 * @param bodyTimeout from the headers until the whole body must have arrived; then 408
 */
@Validated
@ConfigurationProperties("shop.http")
public record HttpSettings(
    @DefaultValue("64KB") DataSize maxBodySize, @DefaultValue("15s") Duration bodyTimeout) {

  public HttpSettings {
    if (maxBodySize.toBytes() < 1 || !bodyTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "shop.http.max-body-size and shop.http.body-timeout must be positive");
    }
  }
}

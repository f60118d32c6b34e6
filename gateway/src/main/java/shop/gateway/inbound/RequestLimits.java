package shop.gateway.inbound;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of every request, of services and of the gateway itself.
 *
 * @param maxBody bytes of a body; more is 413
 * @param headTimeout from the first byte of a request to the end of its headers; longer is 408
 * @param bodyTimeout from the end of the headers to the end of the body; longer is 408
 */
@ConfigurationProperties("shop.requests")
public record RequestLimits(
    @DefaultValue("64KB") DataSize maxBody,
    @DefaultValue("10s") Duration headTimeout,
    @DefaultValue("20s") Duration bodyTimeout) {

  public RequestLimits {
    if (maxBody.toBytes() < 1 || maxBody.toBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("shop.requests.max-body must be 1 byte to 2 GB");
    }
    if (headTimeout.toMillis() < 1 || bodyTimeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "shop.requests.head-timeout and body-timeout must be at least 1 ms");
    }
  }
}

package shop.gateway.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When drains end by themselves.
 *
 * @param forgetAfter how long discovery must not have listed an instance until its drain ends
 * @param cleanupInterval how often a gateway looks for such drains, 1 s or more
 */
@ConfigurationProperties("shop.drains")
record DrainSettings(
    @DefaultValue("24h") Duration forgetAfter, @DefaultValue("10m") Duration cleanupInterval) {

  DrainSettings {
    if (forgetAfter.isNegative() || cleanupInterval.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "shop.drains.forget-after must not be negative, cleanup-interval not less than 1 s");
    }
  }
}

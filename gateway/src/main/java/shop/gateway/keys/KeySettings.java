package shop.gateway.keys;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import shop.common.kafka.Topics;
import shop.common.time.TimeLimits;

/**
 * Settings of the signing keys and of the access tokens that they sign.
 *
 * @param keysDir folder of the signing keys: RSA, PKCS#8, {@code <key id>.pem}; there is no default
 * @param tokenLife how long an access token is valid; above 0 and at most 15 minutes
 */
@ConfigurationProperties("shop.auth")
record KeySettings(@DefaultValue("") String keysDir, @DefaultValue("10m") Duration tokenLife) {

  KeySettings {
    if (tokenLife.isNegative() || tokenLife.isZero() || tokenLife.toMinutes() > 15) {
      throw new IllegalArgumentException("shop.auth.token-life must be above 0 and at most 15m");
    }
    TimeLimits.requireLonger(
        "the retention of the topic revocations",
        Topics.REVOCATIONS.retention(),
        "shop.auth.token-life",
        tokenLife);
  }
}

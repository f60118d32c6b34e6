package shop.gateway.auth;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How access tokens are made.
 *
 * @param keysDir folder of the signing keys: RSA, PKCS#8, {@code <key id>.pem}
 * @param tokenLife how long an access token is good
 */
@ConfigurationProperties("shop.auth")
record AuthSettings(@DefaultValue("") String keysDir, @DefaultValue("10m") Duration tokenLife) {

  AuthSettings {
    if (tokenLife.isNegative() || tokenLife.isZero() || tokenLife.toMinutes() > 15) {
      throw new IllegalArgumentException("shop.auth.token-life is above 0 and at most 15m");
    }
  }
}

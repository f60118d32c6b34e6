package shop.gateway.routing;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The cookies that bind clients to instances, of services whose algorithm is {@code sticky}.
 *
 * @param keys secrets in Base64, each of at least 32 bytes: the first signs, both verify. Without a
 *     key there are no cookies, and clients are bound by their session
 * @param life how long a cookie is valid after it was set; it is renewed after half of that
 */
@ConfigurationProperties("shop.gateway.sticky")
record StickySettings(@DefaultValue List<String> keys, @DefaultValue("1d") Duration life) {

  private static final int MIN_BYTES = 32;
  private static final int MAX_KEYS = 2;
  private static final Duration MAX_LIFE = Duration.ofDays(30);

  /** Checks the values. */
  StickySettings {
    keys = List.copyOf(keys);
    if (keys.size() > MAX_KEYS || keys.stream().anyMatch(key -> !isKey(key))) {
      throw new IllegalArgumentException(
          "shop.gateway.sticky.keys are one or two secrets in Base64, each of at least "
              + MIN_BYTES
              + " bytes; create one with: openssl rand -base64 "
              + MIN_BYTES);
    }
    if (life.toSeconds() < 1 || life.compareTo(MAX_LIFE) > 0) {
      throw new IllegalArgumentException("shop.gateway.sticky.life must be 1s to 30d");
    }
  }

  private static boolean isKey(String text) {
    try {
      return Base64.getDecoder().decode(text).length >= MIN_BYTES;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** Omits the keys: they are secrets. */
  @Override
  public String toString() {
    return "StickySettings[keys=" + keys.size() + ", life=" + life + "]";
  }
}

package shop.gateway.cache;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The part of a request that its cached response is found by: path and query, normalized by RFC
 * 3986, section 6.2.2. The host is not part of it because services never see the one that a client
 * sends.
 */
final class CacheKey {

  private static final Pattern ENCODED = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final int HEX = 16;

  private CacheKey() {}

  static String of(URI uri) {
    var query = uri.getRawQuery();
    return query == null ? ofPath(uri) : normalized(uri.getRawPath() + '?' + query);
  }

  /** The key of the same path without a query. */
  static String ofPath(URI uri) {
    return normalized(uri.getRawPath());
  }

  /** The path of a key. */
  static String path(String key) {
    int query = key.indexOf('?');
    return query < 0 ? key : key.substring(0, query);
  }

  /** The same with unreserved characters decoded, and hexadecimal digits in upper case. */
  static String normalized(String text) {
    return text.indexOf('%') < 0
        ? text
        : ENCODED
            .matcher(text)
            .replaceAll(encoded -> {
              char decoded = (char) Integer.parseInt(encoded.group(1), HEX);
              return isUnreserved(decoded)
                  ? String.valueOf(decoded)
                  : encoded.group().toUpperCase(Locale.ROOT);
            });
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~".indexOf(c) >= 0;
  }
}

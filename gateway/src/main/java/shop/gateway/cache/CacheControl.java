package shop.gateway.cache;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The directives of a response's {@code Cache-Control} (RFC 9111, section 5.2.2).
 *
 * @param directives values by name in lower case; empty without a value
 */
record CacheControl(Map<String, String> directives) {

  /** A name, and maybe a value, quoted or not. */
  private static final Pattern DIRECTIVE =
      Pattern.compile("([^\\s=,\"]+)(?:\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]*)))?");

  /**
   * Those that forbid a shared cache to store or to reuse the response, with a field list or not.
   */
  private static final Set<String> FORBIDDING = Set.of("no-store", "no-cache", "private");

  private static final Set<String> FORBIDDING_STALE =
      Set.of("must-revalidate", "proxy-revalidate", "s-maxage");

  private static final int MAX_DIGITS = 9;

  CacheControl {
    directives = Map.copyOf(directives);
  }

  /** Of all lines of the header; a directive that occurs with two values is the number 0. */
  static CacheControl parse(List<String> lines) {
    var found = new HashMap<String, String>();
    var matcher = DIRECTIVE.matcher(String.join(",", lines));
    while (matcher.find()) {
      var value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
      found.merge(
          matcher.group(1).toLowerCase(Locale.ROOT),
          value == null ? "" : value,
          (first, second) -> first.equals(second) ? first : "0");
    }
    return new CacheControl(found);
  }

  boolean forbidsSharedCaching() {
    return directives.keySet().stream().anyMatch(FORBIDDING::contains);
  }

  boolean forbidsStale() {
    return directives.keySet().stream().anyMatch(FORBIDDING_STALE::contains);
  }

  /** The seconds of a directive: 0 if they are not a number, null if the directive is missing. */
  @Nullable Duration seconds(String name) {
    var value = directives.get(name);
    if (value == null) {
      return null;
    }
    if (value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Duration.ZERO;
    }
    return Duration.ofSeconds(
        value.length() > MAX_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(value));
  }
}

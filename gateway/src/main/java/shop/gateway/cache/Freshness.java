package shop.gateway.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * How long a response may be reused, counted from its generation at the service.
 *
 * @param lifetime while it is fresh (RFC 9111, section 4.2.1); from explicit headers alone
 * @param whileRevalidate how much longer it may be used while a newer one is fetched (RFC 5861)
 * @param ifError how much longer it may be used while the service fails (RFC 5861)
 * @param initialAge its age when it was received
 */
record Freshness(
    Duration lifetime, Duration whileRevalidate, Duration ifError, Duration initialAge) {

  /**
   * That of a response for a shared cache; null if it states none.
   *
   * @param delay from the request to the response
   * @param maxStale upper limit of both stale times
   */
  static @Nullable Freshness of(
      CacheControl control, HttpHeaders headers, Duration delay, Duration maxStale) {
    var lifetime = lifetime(control, headers);
    if (lifetime == null) {
      return null;
    }
    return new Freshness(
        lifetime,
        stale(control, "stale-while-revalidate", maxStale),
        stale(control, "stale-if-error", maxStale),
        age(headers).plus(delay));
  }

  /** How long a response can be of use when it arrives; not positive if it cannot be. */
  Duration remaining() {
    var stale = whileRevalidate.compareTo(ifError) > 0 ? whileRevalidate : ifError;
    return lifetime.plus(stale).minus(initialAge);
  }

  private static @Nullable Duration lifetime(CacheControl control, HttpHeaders headers) {
    var shared = control.seconds("s-maxage");
    if (shared != null) {
      return shared;
    }
    var maxAge = control.seconds("max-age");
    return maxAge != null ? maxAge : untilExpires(headers);
  }

  /** By the service's clock alone, so that another clock here does no harm. */
  private static @Nullable Duration untilExpires(HttpHeaders headers) {
    if (!headers.containsHeader(HttpHeaders.EXPIRES)) {
      return null;
    }
    var expires = date(headers, HttpHeaders.EXPIRES);
    var date = date(headers, HttpHeaders.DATE);
    if (expires == null || date == null || headers.getOrEmpty(HttpHeaders.EXPIRES).size() > 1) {
      return Duration.ZERO;
    }
    var time = Duration.between(date, expires);
    return time.isNegative() ? Duration.ZERO : time;
  }

  private static @Nullable Instant date(HttpHeaders headers, String name) {
    try {
      long millis = headers.getFirstDate(name);
      return millis < 0 ? null : Instant.ofEpochMilli(millis);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /**
   * The received {@code Age}. The difference of clocks is not counted in: services are one hop away
   * and speak HTTP/1.1.
   */
  private static Duration age(HttpHeaders headers) {
    var value = headers.getFirst(HttpHeaders.AGE);
    if (value == null) {
      return Duration.ZERO;
    }
    var age = CacheControl.parse(List.of("age=" + value.strip())).seconds("age");
    return age == null ? Duration.ZERO : age;
  }

  private static Duration stale(CacheControl control, String directive, Duration max) {
    var time = control.seconds(directive);
    if (time == null || control.forbidsStale()) {
      return Duration.ZERO;
    }
    return time.compareTo(max) > 0 ? max : time;
  }
}

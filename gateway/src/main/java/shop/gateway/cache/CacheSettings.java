package shop.gateway.cache;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What the gateway caches, and how much.
 *
 * @param paths patterns of paths whose public GETs may be cached; none switches the cache off
 * @param requestHeaders those that services get with a public GET of these paths, so that no other
 *     one can have an effect on what others get
 * @param maxSize of all responses together, 1 byte to 1 GB
 * @param maxEntry the largest body that is cached
 * @param maxFills requests that may fill the cache at a time, each with up to {@code maxEntry} in
 *     memory; more are passed on without caching
 * @param coalescingTimeout how long a request waits for the same request of another client
 * @param uncacheableTime how long requests for a response that turned out not to be cacheable are
 *     not coalesced
 * @param maxStale upper limit of {@code stale-while-revalidate} and {@code stale-if-error}
 */
@ConfigurationProperties("shop.gateway.cache")
record CacheSettings(
    @DefaultValue List<String> paths,
    @DefaultValue({"Accept", "Accept-Encoding", "Accept-Language", "User-Agent"})
        List<String> requestHeaders,
    @DefaultValue("32MB") DataSize maxSize,
    @DefaultValue("256KB") DataSize maxEntry,
    @DefaultValue("128") int maxFills,
    @DefaultValue("5s") Duration coalescingTimeout,
    @DefaultValue("10s") Duration uncacheableTime,
    @DefaultValue("5m") Duration maxStale) {

  private static final Set<String> NEVER = Set.of("authorization", "cookie", "host");
  private static final DataSize LARGEST = DataSize.ofGigabytes(1);

  CacheSettings {
    paths = List.copyOf(paths);
    requestHeaders = List.copyOf(requestHeaders);
    for (String name : requestHeaders) {
      if (NEVER.contains(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "shop.gateway.cache.request-headers must not contain " + name);
      }
    }
    if (maxSize.toBytes() < 1 || maxSize.compareTo(LARGEST) > 0) {
      throw new IllegalArgumentException("shop.gateway.cache.max-size must be 1 byte to 1 GB");
    }
    if (maxEntry.toBytes() < 1 || maxEntry.compareTo(maxSize) > 0) {
      throw new IllegalArgumentException(
          "shop.gateway.cache.max-entry must be 1 byte to max-size, which is " + maxSize);
    }
    if (maxFills < 1) {
      throw new IllegalArgumentException("shop.gateway.cache.max-fills must be at least 1");
    }
    if (coalescingTimeout.toMillis() < 1
        || uncacheableTime.toMillis() < 1
        || maxStale.isNegative()) {
      throw new IllegalArgumentException(
          "shop.gateway.cache.coalescing-timeout and uncacheable-time must be at least 1 ms,"
              + " max-stale not negative");
    }
  }
}

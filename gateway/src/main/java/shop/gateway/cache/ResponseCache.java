package shop.gateway.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The stored responses of this gateway. The ones that are asked for least give way when their size
 * reaches the limit (W-TinyLFU), so that requests for many different URLs do not displace those
 * that others use.
 */
@Component
public final class ResponseCache {

  private static final int MAX_MARKED = 10_000;

  /** How long a stale response is used after a failure before the service is asked again. */
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(2);

  private static final String BELOW = "/**";

  private final CacheSettings settings;
  private final LongSupplier ticker;
  private final Cache<String, Resource> resources;
  private final Cache<String, Boolean> uncacheable;
  private final Cache<String, Boolean> failed;
  private final Fills fills;
  private final Map<CacheStatus, LongAdder> requests = new EnumMap<>(CacheStatus.class);
  private final LongAdder evictions = new LongAdder();

  @Autowired
  ResponseCache(CacheSettings settings) {
    this(settings, System::nanoTime);
  }

  ResponseCache(CacheSettings settings, LongSupplier ticker) {
    this.settings = settings;
    this.ticker = ticker;
    this.fills = new Fills(settings.maxFills());
    this.resources =
        Caffeine.newBuilder()
            .maximumWeight(settings.maxSize().toBytes())
            .weigher((String key, Resource resource) -> resource.weight(key))
            .evictionListener((key, resource, cause) -> evictions.increment())
            .executor(Runnable::run)
            .build();
    this.uncacheable = marks(settings.uncacheableTime());
    this.failed = marks(RETRY_INTERVAL);
    for (var status : CacheStatus.values()) {
      requests.put(status, new LongAdder());
    }
  }

  private Cache<String, Boolean> marks(Duration time) {
    return Caffeine.newBuilder()
        .maximumSize(MAX_MARKED)
        .expireAfterWrite(time)
        .ticker(ticker::getAsLong)
        .executor(Runnable::run)
        .build();
  }

  CacheSettings settings() {
    return settings;
  }

  /** The time in nanoseconds. */
  long now() {
    return ticker.getAsLong();
  }

  Fills fills() {
    return fills;
  }

  /** What is stored of a resource; null if nothing is. */
  @Nullable Resource find(String key) {
    return resources.getIfPresent(key);
  }

  /** Stores a response, unless the resource was changed after the fill began. */
  void store(Fill fill, Resource response) {
    var variant = response.variants().getFirst();
    resources
        .asMap()
        .compute(
            fill.key().resource(),
            (_, stored) -> {
              if (fill.isInvalidated()) {
                return stored;
              }
              return stored != null && stored.vary().equals(response.vary())
                  ? stored.with(variant)
                  : response;
            });
    uncacheable.invalidate(fill.key().resource());
    if (fill.isInvalidated()) {
      resources.invalidate(fill.key().resource());
    }
  }

  /** Removes what is stored of a resource, because the service has another response now. */
  void remove(String key) {
    resources.invalidate(key);
  }

  /** Remembers for a short time that requests for a resource are not to wait for each other. */
  void markUncacheable(String key) {
    uncacheable.put(key, true);
  }

  boolean isUncacheable(String key) {
    return uncacheable.getIfPresent(key) != null;
  }

  /** Remembers for a short time that a resource cannot be fetched. */
  void markFailed(String key) {
    failed.put(key, true);
  }

  boolean hasFailed(String key) {
    return failed.getIfPresent(key) != null;
  }

  /** Removes a resource that a request has changed, and what is being fetched of it. */
  void invalidate(String key) {
    fills.invalidate(key::equals);
    resources.invalidate(key);
    uncacheable.invalidate(key);
  }

  /**
   * Removes responses.
   *
   * @param path of all that have this path, with any query; with {@code /**} at its end of all
   *     below it as well
   */
  public void purge(String path) {
    var matching = matching(path);
    fills.invalidate(matching);
    resources.asMap().keySet().removeIf(matching);
    uncacheable.asMap().keySet().removeIf(matching);
  }

  private static Predicate<String> matching(String pattern) {
    if (!pattern.endsWith(BELOW)) {
      var path = CacheKey.normalized(pattern);
      return key -> CacheKey.path(key).equals(path);
    }
    var path = CacheKey.normalized(pattern.substring(0, pattern.length() - BELOW.length()));
    return key -> CacheKey.path(key).equals(path) || key.startsWith(path + "/");
  }

  void count(CacheStatus status) {
    Objects.requireNonNull(requests.get(status)).increment();
  }

  /** Requests of cached paths that were answered like this. */
  long requests(CacheStatus status) {
    return Objects.requireNonNull(requests.get(status)).sum();
  }

  /** Resources that were displaced because the cache was full. */
  long evictions() {
    return evictions.sum();
  }

  /** What this gateway has stored, and what for. */
  public Statistics statistics() {
    long hits = requests(CacheStatus.HIT) + requests(CacheStatus.STALE);
    long all = requests.values().stream().mapToLong(LongAdder::sum).sum();
    return new Statistics(
        resources.estimatedSize(),
        bytes(),
        settings.maxSize().toBytes(),
        all,
        hits,
        requests(CacheStatus.COALESCED),
        evictions(),
        all == 0 ? 0 : (double) hits / all);
  }

  /** Bytes that the stored responses take in memory, about. */
  long bytes() {
    return resources
        .policy()
        .eviction()
        .map(eviction -> eviction.weightedSize().orElse(0))
        .orElse(0L);
  }

  /**
   * The state of a cache; counts are since the gateway's start.
   *
   * @param entries resources with at least one response
   * @param bytes that they take in memory, about
   * @param maxBytes the limit of {@code bytes}
   * @param requests public GET and HEAD of cached paths
   * @param hits those that were answered with what was stored, stale or not
   * @param coalesced those that were answered with the response to another client
   * @param evictions resources that were displaced because the cache was full
   * @param hitRatio hits to requests, 0 to 1
   */
  public record Statistics(
      long entries,
      long bytes,
      long maxBytes,
      long requests,
      long hits,
      long coalesced,
      long evictions,
      double hitRatio) {}
}

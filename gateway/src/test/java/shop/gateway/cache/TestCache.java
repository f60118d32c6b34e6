package shop.gateway.cache;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.springframework.util.unit.DataSize;

/** A cache for tests of other packages. */
public final class TestCache {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private TestCache() {}

  /** A cache with a response of each of these paths. */
  public static ResponseCache of(String... paths) {
    var settings =
        new CacheSettings(
            List.of("/**"),
            List.of(),
            DataSize.ofMegabytes(1),
            DataSize.ofKilobytes(1),
            1,
            MINUTE,
            MINUTE,
            MINUTE);
    var cache = new ResponseCache(settings);
    for (String path : paths) {
      var freshness = new Freshness(MINUTE, Duration.ZERO, Duration.ZERO, Duration.ZERO);
      var response =
          new StoredResponse(
              200, List.of(), ByteBuffer.allocate(0), List.of(), freshness, cache.now());
      cache.store(
          new Fill(new Fill.Key(path, List.of()), cache.now()),
          new Resource(List.of(), List.of(response)));
    }
    return cache;
  }
}

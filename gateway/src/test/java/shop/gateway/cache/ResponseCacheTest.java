package shop.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;
import org.springframework.util.unit.DataSize;

/** What is stored, for how long, and what is removed. */
class ResponseCacheTest {

  private static final long SECOND = 1_000_000_000L;
  private static final List<String> BY_LANGUAGE = List.of("accept-language");

  private long now = 1_000 * SECOND;
  private final ResponseCache cache = new ResponseCache(settings(), () -> now);

  private static CacheSettings settings() {
    return new CacheSettings(
        List.of("/products/**"),
        List.of("Accept-Language"),
        DataSize.ofKilobytes(100),
        DataSize.ofKilobytes(10),
        2,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofMinutes(5));
  }

  @Test
  void aResponseIsFreshForItsLifetimeAndThenStale() {
    var response = response(List.of(), 1);

    now += 10 * SECOND - 1;
    assertThat(response.isFresh(now)).isTrue();
    assertThat(response.age(now)).isEqualTo(9);
    now++;
    assertThat(response.isFresh(now)).isFalse();
    assertThat(response.isUsableWhileRevalidating(now)).isTrue();
    now += 20 * SECOND;
    assertThat(response.isUsableWhileRevalidating(now)).isFalse();
    assertThat(response.isUsableIfError(now)).isTrue();
    now += 10 * SECOND;
    assertThat(response.isUsableIfError(now)).isFalse();
  }

  @Test
  void variantsAreLimitedAndTheOldestGivesWay() {
    for (int i = 0; i <= Resource.MAX_VARIANTS; i++) {
      store("/products", new Resource(BY_LANGUAGE, List.of(response(List.of("l" + i), 1))));
    }

    var stored = Objects.requireNonNull(cache.find("/products"));
    assertThat(stored.variants()).hasSize(Resource.MAX_VARIANTS);
    assertThat(stored.find(language("l0"))).isNull();
    assertThat(stored.find(language("l1"))).isNotNull();
  }

  @Test
  void memoryIsLimited() {
    for (int i = 0; i < 1_000; i++) {
      store("/products/" + i, resource(1_000));
    }

    assertThat(cache.bytes()).isBetween(1L, 100L * 1024);
    assertThat(cache.evictions()).isGreaterThan(900);
  }

  @Test
  void requestsForManyUrlsDoNotDisplaceWhatOthersUse() {
    store("/products", resource(1_000));
    for (int i = 0; i < 1_000; i++) {
      assertThat(cache.find("/products")).isNotNull();
      store("/products?noise=" + i, resource(1_000));
    }

    assertThat(cache.find("/products")).isNotNull();
  }

  @Test
  void aFillThatBeganBeforeAChangeStoresNothing() {
    var fill = begin("/products/lamp");

    cache.invalidate("/products/lamp");
    cache.store(fill, resource(1));

    assertThat(cache.find("/products/lamp")).isNull();
    assertThat(cache.fills().find(fill.key())).isNull();
  }

  @Test
  void fillsAreLimited() {
    assertThat(begin("/products/1")).isNotNull();
    assertThat(begin("/products/2")).isNotNull();

    assertThat(cache.fills().begin(new Fill.Key("/products/3", List.of()), now)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/products/lamp, 2",
    "/products/l%61mp, 2",
    "/products/lamp/**, 3",
    "/products/**, 5",
    "/**, 5",
    "/products/la, 0",
    "/products/la/**, 0"
  })
  void aPurgeRemovesAPathWithAnyQueryOrAllBelowIt(String path, int removed) {
    var keys =
        List.of(
            "/products",
            "/products/lamp",
            "/products/lamp?a=1",
            "/products/lamp/stock",
            "/products/lamps");
    keys.forEach(key -> store(key, resource(1)));

    cache.purge(path);

    assertThat(keys.stream().filter(key -> cache.find(key) == null)).hasSize(removed);
  }

  @Test
  void aMarkLastsForItsTime() {
    cache.markUncacheable("/products");

    assertThat(cache.isUncacheable("/products")).isTrue();
    now += 10 * SECOND;
    assertThat(cache.isUncacheable("/products")).isFalse();
  }

  private Fill begin(String key) {
    return Objects.requireNonNull(cache.fills().begin(new Fill.Key(key, List.of()), now));
  }

  private void store(String key, Resource resource) {
    cache.store(new Fill(new Fill.Key(key, List.of()), now), resource);
  }

  private Resource resource(int size) {
    return new Resource(List.of(), List.of(response(List.of(), size)));
  }

  private StoredResponse response(List<String> selectors, int size) {
    var seconds = Duration.ofSeconds(10);
    return new StoredResponse(
        200,
        List.of("ETag", "\"1\""),
        ByteBuffer.allocate(size),
        selectors,
        new Freshness(seconds, seconds.multipliedBy(2), seconds.multipliedBy(3), Duration.ZERO),
        now);
  }

  private static HttpHeaders language(String value) {
    var headers = new HttpHeaders();
    headers.set(HttpHeaders.ACCEPT_LANGUAGE, value);
    return headers;
  }
}

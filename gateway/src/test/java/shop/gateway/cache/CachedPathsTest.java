package shop.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.PathContainer;

/** Which paths are cached, given the routes. */
class CachedPathsTest {

  @Test
  void configuredPathsAreCached() {
    var paths = new CachedPaths(List.of("/products/**"), Map.of());

    assertThat(contain(paths, "/products")).isTrue();
    assertThat(contain(paths, "/products/lamp")).isTrue();
    assertThat(contain(paths, "/orders/1")).isFalse();
  }

  @Test
  void pathsOfARouteThatLooksAtMoreThanThePathAreNot() {
    var paths =
        new CachedPaths(
            List.of("/products/**"), Map.of("beta", List.of("/orders/**", "/products/new/**")));

    assertThat(contain(paths, "/products/new/lamp")).isFalse();
    assertThat(contain(paths, "/products/lamp")).isTrue();
  }

  private static boolean contain(CachedPaths paths, String path) {
    return paths.contain(PathContainer.parsePath(path));
  }
}

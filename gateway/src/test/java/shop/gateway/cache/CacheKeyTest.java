package shop.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stored response is found by. */
class CacheKeyTest {

  @ParameterizedTest
  @CsvSource({
    "http://a/products/lamp, /products/lamp",
    "http://b:81/products/lamp, /products/lamp",
    "/products/l%61mp%7e, /products/lamp~",
    "/products/%e2%82%ac, /products/%E2%82%AC",
    "/products?q=%61%26b, /products?q=a%26b",
    "/products?, /products?",
  })
  void equivalentUrisHaveOneKey(URI uri, String key) {
    assertThat(CacheKey.of(uri)).isEqualTo(key);
  }
}

package shop.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Which service the routes file gives a request to. */
@Tag("slow")
class ContentRoutingTest {

  private static JsonNode admin;

  @BeforeAll
  static void login() {
    admin =
        await()
            .atMost(30, SECONDS)
            .until(() -> Routed.GATEWAY.login(Gateway.ADMIN), tokens -> tokens.has("access_token"));
  }

  @Test
  void theUserAgentChooses() {
    assertThat(get("/orders/1", "User-Agent", "ShopApp/2.1")).isEqualTo("app");
    assertThat(get("/orders/1", "User-Agent", "Mozilla ShopApp/2.1")).isIn("stable", "canary");
    assertThat(get("/products/lamp", "User-Agent", "ShopApp/2.1")).isEqualTo("app");
    assertThat(get("/products/lamp", "User-Agent", "curl")).isEqualTo("stable");
  }

  @Test
  void theCookieChooses() {
    assertThat(get("/orders/1", "Cookie", "a=b; beta=1")).isEqualTo("beta");
    assertThat(get("/orders/1", "Cookie", "beta=11")).isIn("stable", "canary");
    assertThat(get("/orders/1", "Cookie", "beta=1; beta=1")).isIn("stable", "canary");
  }

  @Test
  void theFirstRouteThatMatchesCounts() {
    assertThat(get("/orders/1", "User-Agent", "ShopApp/2.1", "Cookie", "beta=1")).isEqualTo("app");
  }

  @Test
  void aCustomerStaysOnOneSide() {
    var services = new HashSet<String>();
    for (int account = 0; account < 12; account++) {
      var bearer = Gateway.bearer(Routed.GATEWAY.loginNewAccount());
      var seen = new HashSet<String>();
      for (int number = 0; number < 5; number++) {
        seen.add(Routed.GATEWAY.get("/orders/" + number, bearer).body());
      }
      assertThat(seen).hasSize(1);
      services.addAll(seen);
    }
    assertThat(services).containsExactlyInAnyOrder("stable", "canary");
  }

  @Test
  void responsesOfConditionalRoutesAreNotCached() {
    assertThat(get("/products/cacheable", "User-Agent", "curl")).isEqualTo("stable");
    assertThat(get("/products/cacheable", "User-Agent", "ShopApp/2.1")).isEqualTo("app");
    assertThat(get("/products/cacheable", "User-Agent", "curl")).isEqualTo("stable");
  }

  @Test
  void aRouteGrantsNoAccess() {
    assertThat(Routed.GATEWAY.get("/orders/1", "User-Agent", "ShopApp/2.1").statusCode())
        .isEqualTo(401);
    assertThat(Routed.GATEWAY.get("/orders/1", "Cookie", "beta=1").statusCode()).isEqualTo(401);
    assertThat(Routed.GATEWAY.get("/internal/jobs", Gateway.bearer(admin)).statusCode())
        .isEqualTo(404);
    assertThat(Routed.GATEWAY.get("/payments/1", Gateway.bearer(admin)).statusCode())
        .isEqualTo(404);
  }

  private static String get(String path, String... headers) {
    var all = new ArrayList<>(List.of(headers));
    all.addAll(List.of(Gateway.bearer(admin)));
    return Routed.GATEWAY.get(path, all.toArray(String[]::new)).body();
  }
}

package shop.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.Gateway.bearer;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Who a client is, where it is, and which instance it is bound to. 127.0.0.2 is a trusted proxy,
 * 127.0.0.1 is not. Of the order service, two instances are in the region eu and two in us; the
 * payment service is sticky.
 */
@Tag("slow")
class EdgeTest {

  private static final String PROXY = "127.0.0.2";
  private static final Pattern COOKIE =
      Pattern.compile("(?im)^set-cookie: (shop-instance-payment-service=([^;]+));(.*)$");

  private static final Backend EU1 = new Backend("eu");
  private static final Backend EU2 = new Backend("eu");
  private static final Backend US1 = new Backend("us");
  private static final Backend US2 = new Backend("us");
  private static final Backend A = new Backend("a");
  private static final Backend B = new Backend("b");
  private static final Backend C = new Backend("c");

  private static Gateway gateway;
  private static JsonNode tokens;

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            "ORDER_SERVICE_URLS="
                + String.join(
                    ",",
                    EU1.url() + "#region=eu&zone=a",
                    EU2.url() + "#region=eu&zone=b",
                    US1.url() + "#region=us",
                    US2.url() + "#region=us"),
            "PAYMENT_SERVICE_URLS=" + String.join(",", A.url(), B.url(), C.url()),
            "shop.gateway.services.payment-service.algorithm=sticky",
            "STICKY_KEYS=" + "A".repeat(43) + "=",
            "TRUSTED_PROXIES=" + PROXY + ",192.0.2.0/24",
            "CLIENT_REGIONS=127.0.0.0/8=eu,203.0.113.0/24=us,2001:db8:1::/48=us",
            "PROXY_PROTOCOL=required",
            "REGION_HEADER=X-Client-Region",
            "GATEWAY_REGION=eu",
            "spring.main.cloud-platform=kubernetes",
            "BALANCING_ALGORITHM=round-robin",
            "HEALTH_CHECK_INTERVAL=200ms",
            "HEALTH_CHECK_TIMEOUT=500ms",
            "shop.gateway.services.order-service.slow-start=0s");
    tokens = gateway.login(Gateway.ADMIN);
  }

  @AfterAll
  static void stop() {
    for (var backend : new Backend[] {EU1, EU2, US1, US2, A, B, C}) {
      backend.close();
    }
  }

  @BeforeEach
  void allHealthy() {
    for (var backend : new Backend[] {EU1, EU2, US1, US2, A, B, C}) {
      backend.ready(true);
      awaitState(backend, "healthy");
    }
  }

  @Test
  void theNearestRegionTakesAllAndTheRestOverflowsWhileHalfOfItIsDown() throws IOException {
    assertThat(regions(20, "X-Forwarded-For: 203.0.113.7")).containsOnlyKeys("us");

    US1.ready(false);
    awaitState(US1, "not-ready");

    // min(1, 1.4 × 1/2): 70 of 100 stay, give or take five standard deviations.
    var overflowing = regions(200, "X-Forwarded-For: 203.0.113.7");
    assertThat(overflowing.get("us")).isBetween(108, 172);
    assertThat(overflowing.get("eu")).isBetween(28, 92);
    assertThat(regions(20, "X-Forwarded-For: 198.51.100.1")).containsOnlyKeys("eu");

    US1.ready(true);
    awaitState(US1, "healthy");
    await()
        .atMost(30, SECONDS)
        .untilAsserted(
            () -> assertThat(regions(20, "X-Forwarded-For: 203.0.113.7")).containsOnlyKeys("us"));
  }

  @Test
  void theAddressThatATrustedProxyReportsDecidesTheRegion() throws IOException {
    assertThat(region(PROXY, "X-Forwarded-For: 127.9.9.9, 203.0.113.7, 192.0.2.9")).isEqualTo("us");
    assertThat(region(PROXY, "Forwarded: for=\"[2001:db8:1::7]:4711\"")).isEqualTo("us");
    assertThat(region(PROXY, "X-Forwarded-For: 203.0.113.7, unknown")).isEqualTo("eu");
    assertThat(region(PROXY, "X-Forwarded-For: 203.0.113.7\r\nForwarded: for=127.0.0.1"))
        .isEqualTo("eu");
  }

  @Test
  void theProxyHeaderOfAConnectionDecidesTheRegion() throws IOException {
    var header = "PROXY TCP4 203.0.113.7 127.0.0.1 4711 443\r\n";
    var request = request("/products/lamp", "X-Forwarded-For: 127.9.9.9");
    try (var client = new RawClient(gateway, PROXY)) {
      assertThat(client.send(header + request).read().body()).isEqualTo("us");
      assertThat(client.send(request).read().body()).isEqualTo("us");
    }
    try (var client = new RawClient(gateway, PROXY)) {
      assertThat(client.send(request).rest()).isEmpty();
    }
    try (var client = new RawClient(gateway, "127.0.0.1")) {
      client.send(header + request).read().assertProblem(400, "malformed-request");
    }
  }

  @Test
  void theManagementPortNeedsNoProxyHeader() throws IOException {
    try (var client = new RawClient(gateway.managementPort(), PROXY)) {
      assertThat(client.send(request("/actuator/health", "Accept: */*")).head())
          .startsWith("HTTP/1.1 200 ");
    }
  }

  /** Spring Boot believes everybody on Kubernetes, and this gateway believes that it is there. */
  @Test
  void nobodyElseIsBelieved() throws IOException {
    assertThat(region("127.0.0.1", "X-Forwarded-For: 203.0.113.7")).isEqualTo("eu");
    assertThat(region("127.0.0.1", "Forwarded: for=203.0.113.7")).isEqualTo("eu");
    assertThat(region("127.0.0.1", "X-Client-Region: us")).isEqualTo("eu");
  }

  @Test
  void theRegionThatATrustedProxyNamesIsBelievedOnceAndPassedOnToNobody() throws IOException {
    assertThat(region(PROXY, "X-Client-Region: us")).isEqualTo("us");
    assertThat(region(PROXY, "X-Client-Region: us\r\nX-Client-Region: us")).isEqualTo("eu");
    assertThat(region(PROXY, "X-Client-Region: <us>")).isEqualTo("eu");
    assertThat(region("127.0.0.1", "X_Client_Region: us")).isEqualTo("eu");

    assertThat(EU1.requests())
        .allSatisfy(request ->
            assertThat(request.headers().keySet())
                .noneMatch(name -> name.matches("(?i)x.client.*")));
  }

  @Test
  void aClientStaysAtTheInstanceOfItsCookie() throws IOException {
    var first = payment("");
    var cookie = cookie(first);

    assertThat(first.head()).containsIgnoringCase("cache-control: private");
    assertThat(attributes(first).split("; "))
        .usingElementComparator(String::compareToIgnoreCase)
        .contains("Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=86400")
        .doesNotContain("Secure");
    for (int n = 0; n < 10; n++) {
      var next = payment(cookie);
      assertThat(next.body()).isEqualTo(first.body());
      assertThat(next.head()).doesNotContainIgnoringCase("set-cookie");
    }
  }

  @Test
  void aForgedCookieIsReplaced() throws IOException {
    var forged = cookie(payment("")).replaceFirst("=.", "=~");

    assertThat(cookie(payment(forged))).isNotEqualTo(forged);
  }

  @Test
  void theCookieIsOfTheGatewayAlone() throws IOException {
    var cookie = cookie(payment(""));
    A.requests().clear();
    B.requests().clear();
    C.requests().clear();

    assertThat(payment("theme=dark; " + cookie + "; lang=en").status()).isEqualTo(200);
    assertThat(payment(cookie).status()).isEqualTo(200);
    assertThat(client(PROXY).send(request("/products/lamp", "Cookie: " + cookie)).read().head())
        .doesNotContainIgnoringCase("set-cookie");

    var answering = A.requests().isEmpty() ? B.requests().isEmpty() ? C : B : A;
    assertThat(answering.requests().getFirst().headers())
        .containsEntry("Cookie", "theme=dark; lang=en");
    assertThat(answering.requests().getLast().headers()).doesNotContainKey("Cookie");
  }

  @Test
  void aDrainingInstanceKeepsItsClientsAndGetsNoNewOnes() throws IOException {
    var bound = payment("");
    var drained = backend(bound.body());
    var path = "/admin/gateway/instances/" + id(drained) + "/drain";
    assertThat(gateway.post(path, "{\"deadline\":\"PT10M\"}", bearer(tokens)).statusCode())
        .isLessThan(300);
    try {
      awaitDraining(drained, true);

      assertThat(payment(cookie(bound)).body()).isEqualTo(bound.body());
      assertThat(payment("").body()).isNotEqualTo(bound.body());
    } finally {
      gateway.delete(path, bearer(tokens));
      awaitDraining(drained, false);
    }
  }

  @Test
  void anInstanceThatFailsLosesItsClients() throws IOException {
    var bound = payment("");
    var lost = backend(bound.body());
    lost.ready(false);
    awaitState(lost, "not-ready");

    var moved = payment(cookie(bound));

    assertThat(moved.body()).isNotEqualTo(bound.body());
    assertThat(payment(cookie(moved)).body()).isEqualTo(moved.body());
    lost.ready(true);
    awaitState(lost, "healthy");
    assertThat(payment(cookie(moved)).body()).isEqualTo(moved.body());
  }

  private static Map<String, Integer> regions(int requests, String header) throws IOException {
    var counts = new HashMap<String, Integer>();
    try (var client = client(PROXY)) {
      for (int n = 0; n < requests; n++) {
        counts.merge(client.send(request("/products/lamp", header)).read().body(), 1, Integer::sum);
      }
    }
    return counts;
  }

  private static String region(String from, String header) throws IOException {
    try (var client = client(from)) {
      return client.send(request("/products/lamp", header)).read().body();
    }
  }

  private static RawClient.Response payment(String cookie) throws IOException {
    var header = "Authorization: Bearer " + tokens.get("access_token").asString();
    try (var client = client("127.0.0.1")) {
      return client
          .send(
              request("/payments/1", cookie.isEmpty() ? header : header + "\r\nCookie: " + cookie))
          .read();
    }
  }

  private static RawClient client(String from) throws IOException {
    var client = new RawClient(gateway, from);
    return from.equals(PROXY) ? client.send("PROXY UNKNOWN\r\n") : client;
  }

  private static String request(String path, String headers) {
    return "GET " + path + " HTTP/1.1\r\nHost: shop\r\n" + headers + "\r\n\r\n";
  }

  private static String cookie(RawClient.Response response) {
    var found = COOKIE.matcher(response.head());
    assertThat(found.find()).as(response.head()).isTrue();
    return found.group(1);
  }

  private static String attributes(RawClient.Response response) {
    var found = COOKIE.matcher(response.head());
    assertThat(found.find()).as(response.head()).isTrue();
    return found.group(3).strip();
  }

  private static Backend backend(String name) {
    return switch (name) {
      case "a" -> A;
      case "b" -> B;
      default -> C;
    };
  }

  private static void awaitState(Backend backend, String state) {
    await()
        .atMost(30, SECONDS)
        .untilAsserted(
            () -> assertThat(instance(backend).get("state").asString()).isEqualTo(state));
  }

  private static void awaitDraining(Backend backend, boolean draining) {
    await()
        .atMost(30, SECONDS)
        .untilAsserted(
            () -> assertThat(instance(backend).hasNonNull("drainsUntil")).isEqualTo(draining));
  }

  private static String id(Backend backend) {
    return instance(backend).get("id").asString();
  }

  private static JsonNode instance(Backend backend) {
    var status = Gateway.json(gateway.get("/admin/gateway/status", bearer(tokens)));
    for (var service : status.get("services")) {
      for (var instance : service.get("instances")) {
        if (instance.get("url").asString().endsWith(":" + backend.port())) {
          return instance;
        }
      }
    }
    throw new AssertionError("No instance at " + backend.url());
  }
}

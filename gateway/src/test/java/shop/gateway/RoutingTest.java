package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.gateway.AccessTest.assertProblem;
import static shop.gateway.Gateway.bearer;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Which instance receives a request, and with which headers and body. */
@Tag("slow")
class RoutingTest {

  private static final Backend A = new Backend("a");
  private static final Backend B = new Backend("b");
  private static final Backend PAYMENTS = new Backend("payments");
  private static final Backend NOTIFICATIONS = new Backend("notifications");
  private static final Backend ANALYTICS = new Backend("analytics");
  private static final Backend OPERATIONS = new Backend("operations");

  private static Gateway gateway;
  private static JsonNode tokens;

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            "ORDER_SERVICE_URLS=" + A.url() + "," + B.url(),
            "PAYMENT_SERVICE_URLS=" + PAYMENTS.url(),
            "NOTIFICATION_SERVICE_URLS=" + NOTIFICATIONS.url(),
            "ANALYTICS_SERVICE_URLS=" + ANALYTICS.url(),
            "OPERATIONS_SERVICE_URLS=" + OPERATIONS.url(),
            "RESPONSE_TIMEOUT=5s",
            "BALANCING_ALGORITHM=round-robin",
            // Instances that a test stops stay in use.
            Gateway.NO_HEALTH_CHECKS,
            "EJECTION_FAILURES=1000000");
    tokens = gateway.login(Gateway.ADMIN);
  }

  @AfterAll
  static void stop() {
    A.close();
    B.close();
    PAYMENTS.close();
    NOTIFICATIONS.close();
    ANALYTICS.close();
    OPERATIONS.close();
  }

  @BeforeEach
  void clearRequests() {
    A.requests().clear();
    B.requests().clear();
  }

  @Test
  void pathsAreRoutedToTheirServices() {
    assertThat(get("/orders/1").body()).isIn("a", "b");
    assertThat(get("/products/lamp").body()).isIn("a", "b");
    assertThat(get("/payments/1").body()).isEqualTo("payments");
    assertThat(get("/notifications/settings").body()).isEqualTo("notifications");
    assertThat(get("/analytics/minutes").body()).isEqualTo("analytics");
    assertThat(get("/admin/dlq/1/retry").body()).isEqualTo("operations");
  }

  @Test
  void requestsAreDistributedEvenly() {
    Map<String, Integer> counts = new HashMap<>();
    for (int number = 0; number < 20; number++) {
      counts.merge(get("/orders").body(), 1, Integer::sum);
    }

    assertThat(counts).containsEntry("a", 10).containsEntry("b", 10);
  }

  @Test
  void aStoppedInstanceFailsNoRequest() {
    A.close();
    try {
      for (int number = 0; number < 10; number++) {
        assertThat(get("/orders").body()).isEqualTo("b");
        var posted =
            gateway.post(
                "/orders",
                "{\"number\":" + number + "}",
                "Idempotency-Key",
                "0123456789abcdef" + number,
                "Authorization",
                "Bearer " + tokens.get("access_token").asString());
        assertThat(posted.body()).isEqualTo("b");
        var withoutKey = gateway.post("/orders/1/cancel", "{}", bearer(tokens));
        assertThat(withoutKey.body()).isEqualTo("b");
      }
    } finally {
      A.restart();
    }
    assertThat(
            B.requests().stream()
                .filter(request -> request.headers().containsKey("Idempotency-Key")))
        .hasSize(10)
        .allSatisfy(request -> assertThat(request.body()).startsWith("{\"number\":"));
  }

  @Test
  void noInstanceIs503WithRetryAfter() {
    A.close();
    B.close();
    try {
      var response = get("/orders");

      assertProblem(response, 503, "/problems/unavailable");
      assertThat(response.headers().firstValue("Retry-After").orElseThrow()).matches("[1-3]");
    } finally {
      A.restart();
      B.restart();
    }
  }

  @Test
  void unresponsiveInstanceIs504AndTheRequestIsSentOnce() {
    var response = get("/orders/never");

    assertProblem(response, 504, "/problems/gateway-timeout");
    assertThat(A.requests().size() + B.requests().size()).isEqualTo(1);
  }

  @Test
  void headersThatNameAUserOrAnAddressAreRemoved() {
    gateway.get(
        "/products/lamp",
        // Not a request that may be cached: of those, services see only what the key contains.
        "Authorization",
        "Bearer ignored",
        "X-User-Id",
        "admin",
        "X-User",
        "admin",
        "X-Forwarded-User",
        "admin",
        "Remote-User",
        "admin",
        "remote_user",
        "admin",
        "X-Forwarded-For",
        "10.0.0.1",
        "Forwarded",
        "for=10.0.0.1",
        "X-Real-IP",
        "10.0.0.1",
        "X-Roles",
        "ADMIN",
        "X-Http-Method-Override",
        "DELETE",
        "Idempotency-Key",
        "kept");

    var received = A.requests().isEmpty() ? B.requests().getFirst() : A.requests().getFirst();
    assertThat(received.headers().keySet())
        .noneMatch(
            name -> name.matches("(?i)(x[-_](user|forwarded|real|role|http)|remote|forwarded).*"));
    assertThat(received.headers()).containsEntry("Idempotency-Key", "kept");
  }

  @Test
  void traceIsPropagatedToTheService() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    gateway.get("/products/lamp", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01");

    var received = A.requests().isEmpty() ? B.requests().getFirst() : A.requests().getFirst();
    assertThat(received.headers().get("traceparent"))
        .startsWith("00-" + trace + "-")
        .doesNotContain("00f067aa0ba902b7");
  }

  @Test
  void requestWithoutAValidTraceStartsANewOne() {
    gateway.get("/products/lamp", "traceparent", "nonsense");

    var received = A.requests().isEmpty() ? B.requests().getFirst() : A.requests().getFirst();
    assertThat(received.headers().get("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
  }

  private static java.net.http.HttpResponse<String> get(String path) {
    return gateway.get(path, bearer(tokens));
  }
}

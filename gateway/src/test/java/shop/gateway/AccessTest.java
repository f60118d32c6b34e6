package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.gateway.Gateway.bearer;
import static shop.gateway.Gateway.json;

import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shop.common.testkit.TestTokens;

/** Who may pass, and how refusals look. */
class AccessTest {

  private final Gateway gateway = Shared.gateway();

  @Test
  void callWithoutTokenIsRefusedAsProblem() {
    var answer = gateway.get("/orders");

    assertProblem(answer, 401, "/problems/unauthorized");
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
  }

  @Test
  void tokenOfAnotherSignerIsRefused() {
    var answer = gateway.get("/orders", bearer(TestTokens.customer(UUID.randomUUID())));

    assertProblem(answer, 401, "/problems/unauthorized");
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer error=\"invalid_token\"");
  }

  @Test
  void tamperedTokenIsRefused() {
    String token = gateway.loggedIn().get("access_token").asString();
    int dot = token.lastIndexOf('.');
    char other = token.charAt(dot + 1) == 'A' ? 'B' : 'A';

    var answer =
        gateway.get(
            "/orders", bearer(token.substring(0, dot + 1) + other + token.substring(dot + 2)));

    assertProblem(answer, 401, "/problems/unauthorized");
  }

  @Test
  void refreshTokenIsNoAccessToken() {
    String refresh = gateway.loggedIn().get("refresh_token").asString();

    assertThat(gateway.get("/orders", bearer(refresh)).statusCode()).isEqualTo(401);
  }

  @Test
  void twoAuthorizationHeadersAreRefused() {
    String token = gateway.loggedIn().get("access_token").asString();

    var answer =
        gateway.get(
            "/orders", "Authorization", "Bearer " + token, "Authorization", "Bearer " + token);

    assertThat(answer.statusCode()).isEqualTo(401);
  }

  @Test
  void validTokenPasses() {
    assertThat(gateway.get("/orders", bearer(gateway.loggedIn())).body()).isEqualTo("orders");
  }

  @Test
  void productsAreReadByAnyone() {
    assertThat(gateway.get("/products?limit=2").statusCode()).isEqualTo(200);
    assertThat(gateway.post("/products/lamp/stock", "{}").statusCode()).isEqualTo(401);
  }

  @Test
  void deadLettersAreForAdmins() {
    assertProblem(
        gateway.get("/admin/dlq", bearer(gateway.loggedIn())), 403, "/problems/forbidden");
    assertThat(gateway.get("/admin/dlq", bearer(gateway.login(Gateway.ADMIN))).statusCode())
        .isEqualTo(503);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/nothing",
        "/admin",
        "/actuator",
        "/actuator/env",
        "/actuator/gateway/routes",
        "/ordersX",
        "/Orders",
        "/v3"
      })
  void whatNoRouteNamesIsNotThereWhoeverAsks(String path) {
    assertProblem(gateway.get(path), 404, "/problems/not-found");
    assertProblem(
        gateway.get(path, bearer(gateway.login(Gateway.ADMIN))), 404, "/problems/not-found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/products/../orders",
        "/products/%2e%2e/orders",
        "/products/..%2forders",
        "/products;a=b/x",
        "//orders",
        "/products/%252e%252e/orders"
      })
  void pathsThatServersReadDifferentlyAreRefused(String path) {
    assertProblem(gateway.get(path), 400, "/problems/malformed-request");
  }

  @Test
  void healthIsOpen() {
    assertThat(gateway.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    assertThat(gateway.get("/actuator/prometheus").statusCode()).isIn(200, 404);
  }

  @Test
  void wrongMethodIsAProblem() {
    assertProblem(gateway.get("/auth/login"), 401, "/problems/unauthorized");
    assertProblem(
        gateway.get("/auth/login", bearer(gateway.loggedIn())),
        405,
        "/problems/method-not-allowed");
  }

  static void assertProblem(HttpResponse<String> answer, int status, String type) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    var body = json(answer);
    assertThat(body.get("status").asInt()).isEqualTo(status);
    assertThat(body.get("type").asString()).isEqualTo(type);
    assertThat(body.get("title").asString()).isNotBlank();
    assertThat(body.get("traceId").asString()).matches("[0-9a-f]{32}");
  }
}

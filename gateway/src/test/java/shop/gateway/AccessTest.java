package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.gateway.Gateway.bearer;
import static shop.gateway.Gateway.json;

import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shop.common.testkit.TestTokens;

/** Authentication and authorization of requests, and the problems of rejected ones. */
@Tag("slow")
class AccessTest {

  private final Gateway gateway = Shared.gateway();

  @Test
  void requestWithoutTokenIsRejectedWithAProblem() {
    var response = gateway.get("/orders");

    assertProblem(response, 401, "/problems/unauthorized");
    assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
  }

  @Test
  void tokenSignedWithAnotherKeyIsRejected() {
    var response = gateway.get("/orders", bearer(TestTokens.customer(UUID.randomUUID())));

    assertProblem(response, 401, "/problems/unauthorized");
    assertThat(response.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer error=\"invalid_token\"");
  }

  @Test
  void tamperedTokenIsRejected() {
    String token = gateway.loginNewAccount().get("access_token").asString();
    int dot = token.lastIndexOf('.');
    char other = token.charAt(dot + 1) == 'A' ? 'B' : 'A';

    var response =
        gateway.get(
            "/orders", bearer(token.substring(0, dot + 1) + other + token.substring(dot + 2)));

    assertProblem(response, 401, "/problems/unauthorized");
  }

  @Test
  void refreshTokenIsNotAcceptedAsAccessToken() {
    String refresh = gateway.loginNewAccount().get("refresh_token").asString();

    assertThat(gateway.get("/orders", bearer(refresh)).statusCode()).isEqualTo(401);
  }

  @Test
  void twoAuthorizationHeadersAreRejected() {
    String token = gateway.loginNewAccount().get("access_token").asString();

    var response =
        gateway.get(
            "/orders", "Authorization", "Bearer " + token, "Authorization", "Bearer " + token);

    assertProblem(response, 400, "/problems/malformed-request");
  }

  @Test
  void requestWithAValidTokenReachesTheService() {
    assertThat(gateway.get("/orders", bearer(gateway.loginNewAccount())).body())
        .isEqualTo("orders");
  }

  @Test
  void productsAreReadableWithoutAToken() {
    assertThat(gateway.get("/products?limit=2").statusCode()).isEqualTo(200);
    assertThat(gateway.post("/products/lamp/stock", "{}").statusCode()).isEqualTo(401);
  }

  @Test
  void deadLettersRequireTheAdminRole() {
    assertProblem(
        gateway.get("/admin/dlq", bearer(gateway.loginNewAccount())), 403, "/problems/forbidden");
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
        "/actuator/health",
        "/actuator/health/readiness",
        "/actuator/prometheus",
        "/actuator/gateway/routes",
        "/ordersX",
        "/Orders",
        "/v3"
      })
  void unknownPathIs404WithAndWithoutAToken(String path) {
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
  void pathThatServersCouldInterpretDifferentlyIsRejected(String path) {
    assertProblem(gateway.get(path), 400, "/problems/malformed-request");
  }

  @Test
  void healthNeedsNoToken() {
    assertThat(gateway.get("/livez").statusCode()).isEqualTo(200);
    assertThat(gateway.managementStatus("/actuator/health/liveness")).isEqualTo(200);
    assertThat(gateway.managementStatus("/actuator/prometheus")).isEqualTo(200);
  }

  @Test
  void headNeedsWhatGetNeeds() {
    assertThat(gateway.head("/products?limit=2").statusCode()).isEqualTo(200);
    assertThat(gateway.head("/orders").statusCode()).isEqualTo(401);
  }

  @Test
  void wrongMethodIsAProblem() {
    assertProblem(gateway.get("/auth/login"), 401, "/problems/unauthorized");
    assertProblem(
        gateway.get("/auth/login", bearer(gateway.loginNewAccount())),
        405,
        "/problems/method-not-allowed");
  }

  static void assertProblem(HttpResponse<String> response, int status, String type) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    var body = json(response);
    assertThat(body.get("status").asInt()).isEqualTo(status);
    assertThat(body.get("type").asString()).isEqualTo(type);
    assertThat(body.get("title").asString()).isNotBlank();
    assertThat(body.get("traceId").asString()).matches("[0-9a-f]{32}");
  }
}

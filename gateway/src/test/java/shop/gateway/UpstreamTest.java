package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.AccessTest.assertProblem;
import static shop.gateway.Gateway.bearer;
import static shop.gateway.RawClient.exchange;
import static shop.gateway.RawServices.GATEWAY;
import static shop.gateway.RawServices.HEALTHY;
import static shop.gateway.RawServices.LONELY;
import static shop.gateway.RawServices.ORDERS;
import static shop.gateway.RawServices.RESETTING;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What callers see of services that break the rules of HTTP, reset connections or stall. */
@Tag("slow")
class UpstreamTest {

  private static JsonNode tokens;

  @BeforeAll
  static void logIn() {
    tokens = GATEWAY.login(Gateway.ADMIN);
  }

  @BeforeEach
  void clearRequests() {
    RESETTING.requests().clear();
    HEALTHY.requests().clear();
    LONELY.requests().clear();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/products/never-ends", "/products/body-after-head"})
  void headIsAnsweredWithHeadersAndDisturbsNoLaterRequest(String path) throws IOException {
    for (int number = 0; number < 5; number++) {
      try (var client = new RawClient(GATEWAY)) {
        String head = client.send("HEAD " + path + " HTTP/1.1\r\nHost: shop\r\n\r\n").head();
        assertThat(head).startsWith("HTTP/1.1 200 ");
        var next = client.send("GET /products/next HTTP/1.1\r\nHost: shop\r\n\r\n").read();
        assertThat(next.status()).isEqualTo(200);
        assertThat(next.body()).isEqualTo("GET /products/next");
      }
    }
  }

  @Test
  void aBodyAfter204DisturbsNoLaterRequest() {
    for (int number = 0; number < 5; number++) {
      assertThat(GATEWAY.get("/products/body-after-204").statusCode()).isEqualTo(204);
      assertThat(GATEWAY.get("/products/next").body()).isEqualTo("GET /products/next");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "response", "head", "half-a-head", "after-chunks"})
  void bytesBeyondTheEndOfAResponseReachNobody(String kind) {
    String path = "/products/surplus-" + kind;
    for (int number = 0; number < 5; number++) {
      assertThat(GATEWAY.get(path).body()).isEqualTo("hello");
      assertThat(GATEWAY.get("/products/next").body()).isEqualTo("GET /products/next");
    }
    assertThat(GATEWAY.get(path).body()).isEqualTo("hello");
    await().until(() -> !ORDERS.isOpen(path));
  }

  @Test
  void bytesThatNobodyAskedForCloseTheConnection() throws IOException {
    assertThat(GATEWAY.get("/products/pooled").body()).isEqualTo("GET /products/pooled");
    assertThat(ORDERS.isOpen("/products/pooled")).isTrue();

    ORDERS.writeUnasked("/products/pooled", "STOLEN");

    await().until(() -> !ORDERS.isOpen("/products/pooled"));
    assertThat(GATEWAY.get("/products/next").body()).isEqualTo("GET /products/next");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunked", "continue", "early-hints", "many-informational"})
  void aConnectionWhoseResponseHasEndedIsUsedAgain(String kind) {
    await()
        .until(() ->
            connection("/products/" + kind, "hello")
                == connection("/products/next", "GET /products/next"));
  }

  @Test
  void aConnectionWithoutAnEndOfItsResponseIsClosed() {
    assertThat(head("/products/never-ends")).startsWith("HTTP/1.1 200 ");

    await().until(() -> !ORDERS.isOpen("/products/never-ends"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/products/204-with-chunks", "/products/204-with-a-length"})
  void aConnectionIsClosedAfterA204(String path) {
    assertThat(GATEWAY.get(path).statusCode()).isEqualTo(204);

    await().until(() -> !ORDERS.isOpen(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not-http",
        "length-and-chunked",
        "two-lengths",
        "length-minus-5",
        "length-plus-5",
        "bare-lf",
        "cr-in-a-header",
        "large-head",
        "status-000",
        "unasked-upgrade"
      })
  void aResponseThatIsNotHttpIs502(String kind) throws IOException {
    String path = "/products/" + kind;
    try (var client = new RawClient(GATEWAY)) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: shop\r\n\r\n");
      client.read().assertProblem(502, "bad-gateway");

      client.send("GET /products/next HTTP/1.1\r\nHost: shop\r\n\r\n");
      assertThat(client.read().body()).isEqualTo("GET /products/next");
    }
    await().until(() -> !ORDERS.isOpen(path));
  }

  @Test
  void aBodyThatIsNotHttpIs502OrCutOff() throws IOException {
    var response =
        exchange(GATEWAY, "GET /products/bare-lf-in-chunks HTTP/1.1\r\nHost: shop\r\n\r\n");

    assertThat(response.status()).isIn(200, 502);
    assertThat(response.body()).doesNotContain("hello").doesNotEndWith("0\r\n\r\n");
    await().until(() -> !ORDERS.isOpen("/products/bare-lf-in-chunks"));
  }

  @Test
  void aBodyThatTurnsOutNotToBeHttpIsCutOff() throws IOException {
    String path = "/products/begins-chunks";
    try (var client = new RawClient(GATEWAY)) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: shop\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 200 ");

      ORDERS.writeUnasked(path, "5\nSTOLE\n0\n\n");

      assertThat(client.rest()).isEqualTo("5\r\nhello\r\n");
    }
    await().until(() -> !ORDERS.isOpen(path));
    assertThat(GATEWAY.get("/products/next").body()).isEqualTo("GET /products/next");
  }

  @Test
  void aBodyThatEndsTooEarlyIsCutOff() throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send("GET /products/too-short HTTP/1.1\r\nHost: shop\r\n\r\n");

      assertThat(client.head()).contains("Content-Length: 50");
      assertThat(client.rest()).isEqualTo("hello");
    }
  }

  @Test
  void headersOfOneConnectionAreRemovedFromResponses() throws IOException {
    var response = exchange(GATEWAY, "GET /products/hop-by-hop HTTP/1.1\r\nHost: shop\r\n\r\n");

    assertThat(response.body()).isEqualTo("hello");
    assertThat(response.head().lines())
        .filteredOn(line -> !line.matches("(Cache-Status|RateLimit|RateLimit-Policy): .*"))
        .containsExactly("HTTP/1.1 200 OK", "Content-Length: 5", "");
  }

  @Test
  void aRequestWhoseClientIsGoneIsCancelledBeforeItsResponse() throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      client.send("GET /products/no-answer HTTP/1.1\r\nHost: shop\r\n\r\n");
      await().until(() -> ORDERS.isOpen("/products/no-answer"));
    }

    await().until(() -> !ORDERS.isOpen("/products/no-answer"));
  }

  @Test
  void aResponseTimeoutClosesTheConnection() {
    assertProblem(GATEWAY.get("/products/no-answer"), 504, "/problems/gateway-timeout");

    await().until(() -> !ORDERS.isOpen("/products/no-answer"));
  }

  @Test
  void aBodyThatStallsEndsTheResponse() throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      String head = client.send("GET /products/stalls HTTP/1.1\r\nHost: shop\r\n\r\n").head();

      assertThat(head).contains("200");
      assertThat(client.rest()).isEqualTo("half");
    }
    assertThat(GATEWAY.get("/products/next").body()).isEqualTo("GET /products/next");
  }

  @Test
  void anEventStreamMayPauseLonger() throws IOException {
    try (var client = new RawClient(GATEWAY)) {
      openStream(client, tokens);
      assertThat(exchange(GATEWAY, "GET /products/stalls HTTP/1.1\r\nHost: shop\r\n\r\n").body())
          .isEqualTo("half");

      assertThat(client.isOpen()).isTrue();
    }
    await().until(() -> !ORDERS.isOpen("/orders/1/events"));
  }

  @Test
  void aStreamEndsWithItsSession() throws IOException {
    var leaving = GATEWAY.loginNewAccount();
    try (var ending = new RawClient(GATEWAY);
        var other = new RawClient(GATEWAY)) {
      openStream(ending, leaving);
      openStream(other, tokens);

      assertThat(GATEWAY.post("/auth/logout", "", bearer(leaving)).statusCode()).isEqualTo(204);

      assertThat(ending.line()).isEqualTo("0");
      assertThat(other.isOpen()).isTrue();
    }
  }

  @Test
  void aStreamEndsIfAnotherGatewayRevokesItsSession() throws IOException {
    var leaving = GATEWAY.loginNewAccount();
    try (var client = new RawClient(GATEWAY)) {
      openStream(client, leaving);

      Shared.gateway().post("/auth/logout", "", bearer(leaving));

      assertThat(client.line()).isEqualTo("0");
    }
  }

  @Test
  void aResetConnectionIsRetriedElsewhereIfTheRequestIsSafe() {
    for (int number = 0; number < 4; number++) {
      assertThat(GATEWAY.get("/payments/1", bearer(tokens)).body()).isEqualTo("GET ");
    }
    assertThat(RESETTING.requests()).isNotEmpty();
  }

  @Test
  void aResetConnectionIsRetriedElsewhereWithTheSameBodyIfTheRequestHasAKey() {
    for (int number = 0; number < 4; number++) {
      var response =
          GATEWAY.post(
              "/payments/1",
              "{\"n\":1}",
              "Idempotency-Key",
              "0123456789abcdef",
              "Authorization",
              "Bearer " + tokens.get("access_token").asString());
      assertThat(response.body()).isEqualTo("POST {\"n\":1}");
    }
    assertThat(RESETTING.requests())
        .isNotEmpty()
        .allSatisfy(request -> assertThat(request.body()).isEqualTo("{\"n\":1}"));
  }

  @Test
  void aRequestWithoutAKeyIsSentOnceAndIs502IfTheConnectionIsReset() {
    int failed = 0;
    for (int number = 0; number < 4; number++) {
      var response = GATEWAY.post("/payments/1", "{}", bearer(tokens));
      if (response.statusCode() == 502) {
        assertProblem(response, 502, "/problems/bad-gateway");
        failed++;
      } else {
        assertThat(response.statusCode()).isEqualTo(200);
      }
    }
    assertThat(failed).isPositive().isEqualTo(RESETTING.requests().size());
    assertThat(RESETTING.requests().size() + HEALTHY.requests().size()).isEqualTo(4);
  }

  @Test
  void aServiceThatResetsEveryConnectionIs502() {
    for (int number = 0; number < 5; number++) {
      assertProblem(
          GATEWAY.get("/notifications/settings", bearer(tokens)), 502, "/problems/bad-gateway");
    }
    assertThat(LONELY.requests()).hasSize(10);
  }

  @Test
  void aStoppedServiceIs504() {
    assertProblem(
        GATEWAY.get("/analytics/summary", bearer(tokens)), 504, "/problems/gateway-timeout");
  }

  /** Requests a path and returns the connection on which the service received the request. */
  private static int connection(String path, String body) {
    assertThat(GATEWAY.get(path).body()).isEqualTo(body);
    return ORDERS.requests().getLast().connection();
  }

  private static void openStream(RawClient client, JsonNode tokens) throws IOException {
    client.send(
        "GET /orders/1/events HTTP/1.1\r\n"
            + "Host: shop\r\n"
            + "Accept: text/event-stream\r\n"
            + "Authorization: Bearer "
            + tokens.get("access_token").asString()
            + "\r\n\r\n");
    assertThat(client.head()).startsWith("HTTP/1.1 200 ");
    assertThat(client.line()).isEqualTo("b");
    assertThat(client.line()).isEqualTo(": hello");
    client.line();
    client.line();
  }

  private static String head(String path) {
    try (var client = new RawClient(GATEWAY)) {
      return client.send("HEAD " + path + " HTTP/1.1\r\nHost: shop\r\n\r\n").head();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

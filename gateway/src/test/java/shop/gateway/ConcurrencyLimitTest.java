package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.AccessTest.assertProblem;
import static shop.gateway.Routed.APP_LIMIT;
import static shop.gateway.Routed.GATEWAY;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What callers see of a service that has as many requests in progress as it may have. */
@Tag("slow")
class ConcurrencyLimitTest {

  private static JsonNode tokens;

  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();

  @BeforeAll
  static void logIn() {
    tokens = GATEWAY.login(Gateway.ADMIN);
  }

  @AfterEach
  void everyRequestEndsItsSlot() {
    Routed.APP.release();
    clients.close();
    awaitInFlight(0);
    assertThat(get("/orders").statusCode()).isEqualTo(200);
  }

  @Test
  void lowPriorityIsShedFirstThenNormalAndHighLast() {
    var before = limit().get("shed");

    fill(6);
    assertShed(get("/orders"), "low", 5);
    assertShed(get("/orders/1/events"), "low", 5);
    assertThat(get("/orders/1").statusCode()).isEqualTo(200);

    fill(8);
    assertShed(get("/orders"), "low", 5);
    assertShed(get("/orders/1"), "normal", 2);
    assertThat(post("/orders").statusCode()).isEqualTo(200);

    fill(APP_LIMIT);
    assertShed(get("/orders"), "low", 5);
    assertShed(get("/products/lamp"), "normal", 2);
    assertShed(post("/orders"), "high", 1);

    assertThat(limit().get("limit").asInt()).isEqualTo(APP_LIMIT);
    assertThat(shedSince(before)).containsExactly(4, 2, 1);
    Routed.APP.release();
    assertThat(waiting).allMatch(answer -> answer.join().statusCode() == 200);
  }

  @Test
  void requestsThatAreShedDoNotReachTheService() {
    fill(APP_LIMIT);
    Routed.APP.requests().clear();

    assertShed(post("/orders"), "high", 1);

    assertThat(Routed.APP.requests()).isEmpty();
  }

  @Test
  void eventStreamsDoNotOccupyTheLimit() throws IOException {
    var streams = new ArrayList<RawClient>();
    for (int number = 0; number < 2 * APP_LIMIT; number++) {
      var stream = new RawClient(GATEWAY);
      streams.add(stream);
      assertThat(stream.send(request("/orders/1/stream")).head()).startsWith("HTTP/1.1 200");
    }

    assertThat(limit().get("inFlight").asInt()).isZero();
    assertThat(get("/orders").statusCode()).isEqualTo(200);
    for (var stream : streams) {
      stream.close();
    }
  }

  @Test
  void responseTimesReachTheLimit() {
    await()
        .untilAsserted(() -> {
          get("/orders/1");
          assertThat(limit().get("unloadedMillis").asDouble()).isGreaterThan(0.1);
        });
  }

  @Test
  void clientsThatLeaveEndTheirSlots() throws IOException {
    for (int number = 0; number < 2 * APP_LIMIT; number++) {
      try (var client = new RawClient(GATEWAY)) {
        client.send(request("/orders/never"));
        awaitInFlight(1);
      }
      awaitInFlight(0);
    }
  }

  private void fill(int inFlight) {
    while (waiting.size() < inFlight) {
      waiting.add(CompletableFuture.supplyAsync(() -> post("/orders/never"), clients));
    }
    awaitInFlight(inFlight);
  }

  /** Up to two seconds more spread the retries. */
  private static void assertShed(HttpResponse<String> response, String priority, int seconds) {
    assertProblem(response, 503, "/problems/overloaded");
    assertThat(Gateway.json(response).get("detail").asString()).contains(priority + " priority");
    assertThat(Integer.parseInt(response.headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(seconds, seconds + 2);
  }

  private static void awaitInFlight(int number) {
    await().untilAsserted(() -> assertThat(limit().get("inFlight").asInt()).isEqualTo(number));
  }

  private static List<Integer> shedSince(JsonNode before) {
    var now = limit().get("shed");
    return List.of("low", "normal", "high").stream()
        .map(priority -> now.get(priority).asInt() - before.get(priority).asInt())
        .toList();
  }

  private static JsonNode limit() {
    return Gateway.json(GATEWAY.get("/admin/gateway/status", Gateway.bearer(tokens)))
        .get("services")
        .valueStream()
        .filter(service -> service.get("name").asString().equals("app"))
        .findFirst()
        .orElseThrow()
        .get("concurrencyLimit");
  }

  private static HttpResponse<String> get(String path) {
    return GATEWAY.get(path, headers());
  }

  private static HttpResponse<String> post(String path) {
    return GATEWAY.post(path, "{}", headers());
  }

  private static String[] headers() {
    return new String[] {"Authorization", "Bearer " + token(), "User-Agent", "ShopApp/2.1"};
  }

  private static String token() {
    return tokens.get("access_token").asString();
  }

  private static String request(String path) {
    return "GET %s HTTP/1.1\r\nHost: shop\r\nUser-Agent: ShopApp/2.1\r\nAuthorization: Bearer %s\r\n\r\n"
        .formatted(path, token());
  }
}

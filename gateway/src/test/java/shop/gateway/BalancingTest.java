package shop.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.Gateway.bearer;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.databind.JsonNode;

/** Health of instances, and what is in flight at them. */
@Tag("slow")
class BalancingTest {

  private static final int REQUESTS = 10_000;
  private static final int CLIENTS = 64;

  /** The concurrency limit of the order service, which does not adapt. */
  private static final int LIMIT = 2;

  private static final Backend A = new Backend("a");
  private static final Backend B = new Backend("b");

  /** Answers after a few milliseconds, with a body in several parts. */
  private static final DisposableServer SLOW = slowServer();

  private static Gateway gateway;
  private static JsonNode tokens;

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            "ORDER_SERVICE_URLS=" + A.url() + "," + B.url(),
            "ANALYTICS_SERVICE_URLS=http://127.0.0.1:" + SLOW.port(),
            "BALANCING_ALGORITHM=round-robin",
            "shop.gateway.services.order-service.concurrency-limit.min=" + LIMIT,
            "shop.gateway.services.order-service.concurrency-limit.max=" + LIMIT,
            "HEALTH_CHECK_INTERVAL=200ms",
            "HEALTH_CHECK_TIMEOUT=500ms");
    tokens = gateway.login(Gateway.ADMIN);
  }

  @AfterAll
  static void stop() {
    A.close();
    B.close();
    SLOW.disposeNow();
  }

  @BeforeEach
  void allHealthy() {
    awaitState("order-service", A.url(), "healthy");
    awaitState("order-service", B.url(), "healthy");
  }

  @Test
  void instanceThatSaysItIsNotReadyGetsNoRequests() {
    A.ready(false);
    try {
      awaitState("order-service", A.url(), "not-ready");
      A.requests().clear();

      for (int number = 0; number < 20; number++) {
        assertThat(gateway.get("/products/lamp").body()).isEqualTo("b");
      }

      assertThat(A.requests()).isEmpty();
    } finally {
      A.ready(true);
    }
  }

  @Test
  void instanceThatStopsIsTakenOutAndComesBack() {
    A.close();
    try {
      awaitState("order-service", A.url(), "silent");
      assertThat(gateway.get("/products/lamp").body()).isEqualTo("b");
    } finally {
      A.restart();
    }
    awaitState("order-service", A.url(), "healthy");

    await().untilAsserted(() -> assertThat(gateway.get("/products/lamp").body()).isEqualTo("a"));
  }

  @Test
  void nothingIsInFlightAfterRequestsOfWhichAThirdAreCancelled() {
    var random = new Random(7);
    var completed = new AtomicInteger();
    var http =
        HttpClient.create(ConnectionProvider.create("cancelling", CLIENTS))
            .baseUrl("http://127.0.0.1:" + gateway.port())
            .headers(headers -> headers.set("Authorization", "Bearer " + token()));

    Flux.range(0, REQUESTS)
        .flatMap(
            number -> {
              var request =
                  http.get()
                      .uri("/analytics/" + number)
                      .responseSingle((_, body) -> body.asByteArray())
                      .doOnSuccess(_ -> completed.incrementAndGet());
              return number % 3 == 0
                  ? request.timeout(Duration.ofMillis(random.nextInt(12)), Mono.empty())
                  : request;
            },
            CLIENTS)
        .onErrorContinue((failure, _) -> {})
        .blockLast(Duration.ofMinutes(3));

    assertThat(completed.get()).isBetween(REQUESTS / 2, REQUESTS - 100);
    await()
        .atMost(30, SECONDS)
        .untilAsserted(() ->
            assertThat(instance("analytics-service", SLOW.port()).get("inFlight").asInt())
                .isZero());
    await()
        .untilAsserted(
            () -> assertThat(concurrency("analytics-service").get("inFlight").asInt()).isZero());
  }

  @Test
  void responsesFromTheCacheDoNotNeedThePlaceThatNoneIsLeftOf() {
    // given a cached response, and as many requests in progress as the service may have
    assertThat(gateway.get("/products/cacheable").statusCode()).isEqualTo(200);
    var waiting = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int number = 0; number < LIMIT; number++) {
        waiting.add(
            CompletableFuture.supplyAsync(
                () -> gateway.post("/orders/never", "{}", bearer(tokens)), clients));
      }
      await()
          .untilAsserted(() ->
              assertThat(concurrency("order-service").get("inFlight").asInt()).isEqualTo(LIMIT));

      // when
      var cached = gateway.get("/products/cacheable");
      var shed = gateway.get("/products/lamp");
      A.release();
      B.release();

      // then
      assertThat(cached.statusCode()).isEqualTo(200);
      AccessTest.assertProblem(shed, 503, "/problems/overloaded");
      assertThat(waiting).allMatch(answer -> answer.join().statusCode() == 200);
    }
  }

  @Test
  void statusIsForAdminsAlone() {
    var customer = gateway.loginNewAccount();

    assertThat(gateway.get("/admin/gateway/status", bearer(customer)).statusCode()).isEqualTo(403);
    assertThat(gateway.get("/admin/gateway/status").statusCode()).isEqualTo(401);
  }

  private static DisposableServer slowServer() {
    return HttpServer.create()
        .host("127.0.0.1")
        .port(0)
        .handle((request, response) ->
            request.uri().equals("/readyz")
                ? response.send()
                : Mono.delay(Duration.ofMillis(3))
                    .thenMany(
                        response.sendString(
                            Flux.range(0, 3)
                                .map(part -> "part " + part)
                                .delayElements(Duration.ofMillis(2)))))
        .bindNow();
  }

  private static String token() {
    return tokens.get("access_token").asString();
  }

  private static void awaitState(String service, String url, String state) {
    var port = Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    await()
        .atMost(30, SECONDS)
        .untilAsserted(
            () -> assertThat(instance(service, port).get("state").asString()).isEqualTo(state));
  }

  private static JsonNode concurrency(String service) {
    return Gateway.json(gateway.get("/admin/gateway/status", bearer(tokens)))
        .get("services")
        .valueStream()
        .filter(found -> found.get("name").asString().equals(service))
        .findFirst()
        .orElseThrow()
        .get("concurrencyLimit");
  }

  private static JsonNode instance(String service, int port) {
    var status = Gateway.json(gateway.get("/admin/gateway/status", bearer(tokens)));
    var instances = new ArrayList<JsonNode>();
    status
        .get("services")
        .forEach(node -> {
          if (node.get("name").asString().equals(service)) {
            node.get("instances").forEach(instances::add);
          }
        });
    return instances.stream()
        .filter(node -> node.get("url").asString().endsWith(":" + port))
        .findFirst()
        .orElseThrow();
  }
}

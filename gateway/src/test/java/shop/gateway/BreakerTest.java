package shop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.gateway.AccessTest.assertProblem;
import static shop.gateway.Gateway.bearer;
import static shop.gateway.RawServices.GATEWAY;
import static shop.gateway.RawServices.OPERATIONS;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What callers see of a service that fails as a whole: its circuit breaker. */
@Tag("slow")
class BreakerTest {

  private static final String PATH = "/admin/dlq/breaker";
  private static final int MINIMUM = RawServices.BREAKER_MINIMUM;
  private static final int TRIALS = RawServices.BREAKER_TRIALS;
  private static final RawService.Answer FAILS = answer("500 Oops", "");

  private static JsonNode tokens;

  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch released = new CountDownLatch(1);

  @BeforeAll
  static void logIn() {
    tokens = GATEWAY.login(Gateway.ADMIN);
  }

  @BeforeEach
  void close() {
    RawServices.operations = answer("200 OK", "");
    await()
        .untilAsserted(() -> {
          get();
          assertThat(state()).isEqualTo("closed");
        });
    // The window is forgotten with the state: open it, and close it again.
    open();
    RawServices.operations = answer("200 OK", "");
    await()
        .untilAsserted(() -> {
          get();
          assertThat(state()).isEqualTo("closed");
        });
    OPERATIONS.requests().clear();
  }

  @AfterEach
  void stopClients() {
    released.countDown();
    clients.close();
  }

  @Test
  void serviceThatFailsIsNotAskedAndCallersAreToldWhy() {
    RawServices.operations = FAILS;
    IntStream.range(0, MINIMUM).forEach(_ -> assertThat(get().statusCode()).isEqualTo(500));
    OPERATIONS.requests().clear();

    var refused = get();

    assertProblem(refused, 503, "/problems/unavailable");
    assertThat(Gateway.json(refused).get("detail").asString())
        .startsWith("The gateway sends no requests to operations-service for a moment");
    assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()))
        .isPositive();
    assertThat(OPERATIONS.requests()).isEmpty();
    assertThat(state()).isEqualTo("open");
  }

  @Test
  void unavailableServiceThatSaysWhenToRetryDoesNotOpenIt() {
    RawServices.operations = answer("503 Busy", "Retry-After: 1\r\n");

    IntStream.range(0, 3 * MINIMUM).forEach(_ -> assertThat(get().statusCode()).isEqualTo(503));

    assertThat(OPERATIONS.requests()).hasSize(3 * MINIMUM);
    assertThat(state()).isEqualTo("closed");
  }

  @Test
  void clientsThatLeaveDoNotOpenIt() throws IOException {
    RawServices.operations = this::answerWhenReleased;

    for (int number = 0; number < 3 * MINIMUM; number++) {
      leaveOnceSent();
    }

    assertThat(state()).isEqualTo("closed");
  }

  @Test
  void halfOpenLetsExactlyTheTrialsThroughAlsoWhenSomeAreCancelled() throws IOException {
    // given a half-open breaker, and more cancelled trials than it lets through at a time
    open();
    RawServices.operations = answer("503 Busy", "Retry-After: 1\r\n");
    await()
        .untilAsserted(() -> {
          get();
          assertThat(state()).isEqualTo("half-open");
        });
    RawServices.operations = this::answerWhenReleased;
    for (int number = 0; number < 2 * TRIALS; number++) {
      leaveOnceSent();
    }
    OPERATIONS.requests().clear();

    // when many ask at once
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int number = 0; number < 10 * TRIALS; number++) {
      answers.add(CompletableFuture.supplyAsync(BreakerTest::get, clients));
    }

    // then all but the trials are refused at once
    await().untilAsserted(() -> assertThat(done(answers)).hasSize(9 * TRIALS));
    assertThat(done(answers)).allMatch(answer -> answer.statusCode() == 503);
    assertThat(OPERATIONS.requests()).hasSize(TRIALS);
    assertThat(state()).isEqualTo("half-open");
    released.countDown();
    await().untilAsserted(() -> assertThat(done(answers)).hasSize(10 * TRIALS));
    assertThat(state()).isEqualTo("closed");
  }

  @Test
  void eventStreamsEndATrialWithTheirHeaders() throws IOException {
    open();
    RawServices.operations =
        (_, connection) -> {
          RawService.write(
              connection,
              "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n: hello\r\n\r\n\r\n");
          var _ = connection.getInputStream().readAllBytes();
          return false;
        };
    var streams = new ArrayList<RawClient>();

    await()
        .untilAsserted(() -> {
          var client = new RawClient(GATEWAY);
          streams.add(client);
          client.send(request()).head();
          assertThat(state()).isEqualTo("closed");
        });

    assertThat(inFlight()).isEqualTo(TRIALS);
    for (var stream : streams) {
      stream.close();
    }
  }

  private static void open() {
    RawServices.operations = FAILS;
    await()
        .untilAsserted(() -> {
          get();
          assertThat(state()).isEqualTo("open");
        });
  }

  private static RawService.Answer answer(String status, String headers) {
    return (_, connection) ->
        RawService.write(
            connection, "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 0\r\n\r\n");
  }

  private boolean answerWhenReleased(RawService.Request request, java.net.Socket connection)
      throws IOException {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return RawService.ok(connection, "");
  }

  /** Sends a request and closes the connection when the service has it. */
  private static void leaveOnceSent() throws IOException {
    int before = OPERATIONS.requests().size();
    try (var client = new RawClient(GATEWAY)) {
      client.send(request());
      await().until(() -> OPERATIONS.requests().size() > before);
    }
    await().until(() -> inFlight() == 0);
  }

  private static String request() {
    return "GET %s HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer %s\r\n\r\n"
        .formatted(PATH, tokens.get("access_token").asString());
  }

  private static List<HttpResponse<String>> done(
      List<CompletableFuture<HttpResponse<String>>> answers) {
    return answers.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join).toList();
  }

  private static HttpResponse<String> get() {
    return GATEWAY.get(PATH, bearer(tokens));
  }

  private static String state() {
    return operations().get("circuitBreaker").get("state").asString();
  }

  private static int inFlight() {
    return operations().get("instances").get(0).get("inFlight").asInt();
  }

  private static JsonNode operations() {
    return Gateway.json(GATEWAY.get("/admin/gateway/status", bearer(tokens)))
        .get("services")
        .valueStream()
        .filter(service -> service.get("name").asString().equals("operations-service"))
        .findFirst()
        .orElseThrow();
  }
}

package shop.operations.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import shop.common.deadletter.DeadLetter;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.common.testkit.BrokersInitializer;
import shop.common.testkit.TestTokens;
import shop.operations.OperationsApplication;
import shop.operations.ServiceTest;
import shop.operations.State;
import shop.operations.TestLog;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Two instances on the same brokers. */
@Tag("slow")
class TwoInstancesTest extends ServiceTest {

  private ConfigurableApplicationContext other;

  @BeforeEach
  void startOther() {
    other =
        new SpringApplicationBuilder(OperationsApplication.class)
            .initializers(new BrokersInitializer())
            .run("--server.port=0", "--shop.operations.redrive-retry=100ms");
    await()
        .atMost(TIMEOUT)
        .until(() -> send(at("/readyz", TestTokens.admin(ADMIN))).statusCode() == 200);
  }

  @AfterEach
  void stopOther() {
    other.close();
  }

  @Test
  void oneOfTwoRequestsAtTwoInstancesWinsAndOneRedriveIsSent() throws Exception {
    var first = new UUID(1, 1);
    var second = new UUID(2, 2);
    var letters = new ArrayList<DeadLetter>();
    for (int i = 0; i < 10; i++) {
      letters.add(appendAndAwaitAtBoth(TestLog.letter("payment-service")));
    }
    for (var letter : letters) {
      String path = "/admin/dlq/" + letter.id() + "/retry";
      List<Callable<JsonNode>> requests =
          List.of(
              () -> response(request(path, TestTokens.admin(first)).POST(BodyPublishers.noBody())),
              () -> response(at(path, TestTokens.admin(second)).POST(BodyPublishers.noBody())));

      var responses = new ArrayList<JsonNode>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var request : threads.invokeAll(requests)) {
          responses.add(request.get());
        }
      }

      assertThat(responses.stream().map(response -> response.at("/httpStatus").asInt()))
          .containsExactlyInAnyOrder(202, 409);
      boolean firstWon = responses.getFirst().at("/httpStatus").asInt() == 202;
      assertThat((firstWon ? responses.getLast() : responses.getFirst()).at("/by").asString())
          .isEqualTo((firstWon ? first : second).toString());
    }
    awaitRedriverIdle();
    for (var letter : letters) {
      assertThat(TestLog.redrives(Topics.PAYMENT_REDRIVE, letter.id())).hasSize(1);
    }
  }

  @Test
  void aBulkRetryWhoseInstanceStopsIsInterruptedAndTheRemainingEntriesWait() throws Exception {
    String topic = "t-" + UUID.randomUUID();
    for (int i = 0; i < 40; i++) {
      appendAndAwaitAtBoth(
          TestLog.letter("payment-service", topic, null, null, new RecordHeaders()));
    }
    var started =
        response(
            at("/admin/dlq/retries", TestTokens.admin(ADMIN))
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"filter\":{\"topic\":\"%s\"},\"ratePerSecond\":5}".formatted(topic))));
    String job = "/admin/dlq/retries/" + started.at("/id").asString();
    await().atMost(TIMEOUT).until(() -> asAdmin(job).at("/sent").asInt() >= 3);

    other.close();

    await()
        .atMost(TIMEOUT)
        .until(() -> asAdmin(job).at("/status").asString().equals("INTERRUPTED"));
    int sent = asAdmin(job).at("/sent").asInt();
    assertThat(sent).isLessThan(40);
    assertThat(count(topic, State.RETRY_PENDING)).isEqualTo(sent);
    assertThat(count(topic, State.FAILED)).isEqualTo(40 - sent);
    // and the remaining instance sends each decided redrive once
    awaitRedriverIdle();
    var pending = asAdmin("/admin/dlq?limit=200&state=RETRY_PENDING&topic=" + topic).at("/items");
    for (var item : pending) {
      assertThat(TestLog.redrives(Topics.PAYMENT_REDRIVE, item.at("/id").asString())).hasSize(1);
    }
  }

  @Test
  void aBulkRetryCanBeCancelledAtAnyInstance() throws Exception {
    String topic = "t-" + UUID.randomUUID();
    for (int i = 0; i < 20; i++) {
      appendAndAwaitAtBoth(
          TestLog.letter("payment-service", topic, null, null, new RecordHeaders()));
    }
    var started =
        json(
            post(
                "/admin/dlq/retries",
                "{\"filter\":{\"topic\":\"%s\"},\"ratePerSecond\":1}".formatted(topic),
                TestTokens.admin(ADMIN)));
    String job = "/admin/dlq/retries/" + started.at("/id").asString();
    await().atMost(TIMEOUT).until(() -> send(at(job, TestTokens.admin(ADMIN))).statusCode() == 200);

    assertThat(send(at(job, TestTokens.admin(ADMIN)).DELETE()).statusCode()).isEqualTo(202);

    await().atMost(TIMEOUT).until(() -> asAdmin(job).at("/status").asString().equals("CANCELLED"));
    assertThat(count(topic, State.FAILED)).isPositive();
  }

  private DeadLetter appendAndAwaitAtBoth(DeadLetter letter) throws Exception {
    appendAndAwait(letter);
    await()
        .atMost(TIMEOUT)
        .until(() ->
            send(at("/admin/dlq/" + letter.id(), TestTokens.admin(ADMIN))).statusCode() == 200);
    return letter;
  }

  private long count(String topic, State state) throws Exception {
    return asAdmin("/admin/dlq?limit=200&topic=" + topic + "&state=" + state).at("/items").size();
  }

  /** The body of a response with its HTTP status as the field httpStatus. */
  private static JsonNode response(HttpRequest.Builder request) throws Exception {
    var response = send(request);
    var body = (ObjectNode) Json.MAPPER.readTree(response.body());
    return body.put("httpStatus", response.statusCode());
  }

  private HttpRequest.Builder at(String path, String token) {
    String port = other.getEnvironment().getProperty("local.server.port");
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("Authorization", "Bearer " + token);
  }
}

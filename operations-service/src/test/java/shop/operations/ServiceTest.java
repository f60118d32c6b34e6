package shop.operations;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.json.Json;
import shop.common.kafka.Topic;
import shop.common.kafka.Topics;
import shop.common.testkit.BrokersInitializer;
import shop.common.testkit.TestTokens;
import shop.common.testkit.TopicReader;
import shop.local.broker.Brokers;
import tools.jackson.databind.JsonNode;

/** Runs the service against a real broker, which all tests of the module share. */
@SpringBootTest(
    classes = OperationsApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "shop.operations.redrive-retry=100ms")
@ContextConfiguration(initializers = BrokersInitializer.class)
@Tag("slow")
public abstract class ServiceTest {

  protected static final UUID ADMIN = new UUID(0, 1);
  protected static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @LocalServerPort protected int port;
  @LocalManagementPort private int managementPort;

  @BeforeEach
  void awaitReady() {
    await().atMost(TIMEOUT).until(() -> get("/readyz", null).statusCode() == 200);
  }

  protected HttpResponse<String> get(String path, String token)
      throws IOException, InterruptedException {
    return send(request(path, token));
  }

  protected String metrics() throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + managementPort + "/actuator/prometheus");
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  protected JsonNode asAdmin(String path) throws IOException, InterruptedException {
    return Json.MAPPER.readTree(get(path, TestTokens.admin(ADMIN)).body());
  }

  protected HttpResponse<String> retry(String id, UUID admin)
      throws IOException, InterruptedException {
    return send(
        request("/admin/dlq/" + id + "/retry", TestTokens.admin(admin))
            .POST(BodyPublishers.noBody()));
  }

  protected HttpRequest.Builder request(String path, String token) {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  protected static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  protected void awaitState(String id, State state) {
    await()
        .atMost(TIMEOUT)
        .until(() -> asAdmin("/admin/dlq/" + id).at("/state").asString().equals(state.name()));
  }

  protected HttpResponse<String> post(String path, String json, String token)
      throws IOException, InterruptedException {
    return send(
        request(path, token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  protected HttpResponse<String> decide(String id, String what, String json)
      throws IOException, InterruptedException {
    return post("/admin/dlq/" + id + "/" + what, json, TestTokens.admin(ADMIN));
  }

  protected static JsonNode json(HttpResponse<String> response) {
    return Json.MAPPER.readTree(response.body());
  }

  protected DeadLetter appendAndAwait(DeadLetter letter) throws Exception {
    TestLog.append(letter);
    awaitState(letter.id(), State.FAILED);
    return letter;
  }

  protected static void awaitRedrives(DeadLetter letter, int count) {
    awaitRedrives(Topics.PAYMENT_REDRIVE, letter, count);
  }

  protected static void awaitRedrives(Topic topic, DeadLetter letter, int count) {
    await().atMost(TIMEOUT).until(() -> TestLog.redrives(topic, letter.id()).size() == count);
  }

  /** Waits until the redriver has committed all actions, so that it sends nothing more for them. */
  protected static void awaitRedriverIdle() {
    try (var admin = Admin.create(Map.of("bootstrap.servers", Brokers.kafka()))) {
      await()
          .atMost(TIMEOUT)
          .until(() -> {
            var committed =
                admin
                    .listConsumerGroupOffsets("operations-service")
                    .partitionsToOffsetAndMetadata()
                    .get();
            return TopicReader.all(Topics.DEAD_LETTER_ACTIONS).stream()
                .allMatch(action -> {
                  var position =
                      committed.get(new TopicPartition(action.topic(), action.partition()));
                  return position != null && position.offset() > action.offset();
                });
          });
    }
  }

  /** The record of a service that dead-letters a redriven message. */
  protected static ProducerRecord<byte[], byte[]> failedAgain(DeadLetter letter, int attempt) {
    var redriven = letter.redriven(attempt);
    return new DeadLetter(
            letter.service(),
            letter.group(),
            redriven.topic(),
            0,
            "1",
            now(),
            new Cause("Again", "still", "a.b:2", 1),
            redriven.key(),
            redriven.value(),
            redriven.headers())
        .toRecord();
  }

  protected static Redrive sent(DeadLetter letter, int attempt) {
    return Redrive.of(letter.redriven(attempt).headers()).orElseThrow();
  }

  protected static Instant now() {
    return Instant.parse("2026-01-02T00:00:00Z");
  }
}

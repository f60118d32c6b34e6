package shop.order.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.order.TestOrders.json;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.testkit.RawHttp;
import shop.order.EventStreamClient;
import shop.order.OrderServiceTest;
import shop.order.PaymentFacts;
import shop.order.TestOrders;
import shop.order.tracking.LiveTimelines;

/** The events of an order, as a list and as a live stream. */
@OrderServiceTest
@ExtendWith(OutputCaptureExtension.class)
class TimelineTest {

  @LocalServerPort int port;
  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  @Autowired LiveTimelines live;
  private final List<EventStreamClient> streams = new ArrayList<>();
  private TestOrders customer;

  @BeforeEach
  void start() {
    customer = new TestOrders(port);
  }

  @AfterEach
  void stop() throws IOException {
    for (var stream : streams) {
      stream.close();
    }
    await().until(() -> live.count() == 0);
  }

  @Test
  void theTimelineContainsEveryEventOnce() {
    String id = placed();
    captured(id);

    await()
        .untilAsserted(() ->
            assertThat(types(id))
                .containsExactly("shop.order.placed.v1", "shop.order.confirmed.v1"));
    assertThat(new TestOrders(port).get("/orders/" + id + "/events").statusCode()).isEqualTo(404);
  }

  @Test
  void aStreamSendsPastAndNewEvents() throws IOException {
    String id = placed();
    var stream = open(id, null);

    assertThat(stream.next()).isEqualTo("id: 1");
    captured(id);

    assertThat(stream.next()).isEqualTo("id: 2");
  }

  @Test
  void aStreamResumesAfterTheLastEventOfTheClient() throws IOException {
    String id = placed();
    captured(id);
    await().until(() -> types(id).size() == 2);

    assertThat(open(id, "1").next()).isEqualTo("id: 2");
    assertThat(open(id, null).next()).isEqualTo("id: 1");
  }

  @Test
  void anIdleStreamSendsHeartbeats() throws IOException {
    var stream = open(placed(), "1");

    assertThat(stream.comment()).isEqualTo(": still here");
    assertThat(stream.comment()).isEqualTo(": still here");
  }

  @Test
  void headOfAStreamEndsWithItsHeaders() {
    String id = placed();

    var response = customer.head("/orders/" + id + "/events", "Accept", "text/event-stream");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    assertThat(live.count()).isZero();
  }

  @Test
  void aSixthStreamOfACustomerIs429UntilOneIsClosed() throws IOException {
    String id = placed();
    for (int i = 0; i < 5; i++) {
      assertThat(open(id, null).status()).isEqualTo("HTTP/1.1 200 ");
    }

    assertThat(open(id, null).status()).isEqualTo("HTTP/1.1 429 ");
    var refused = customer.get("/orders/" + id + "/events", "Accept", "text/event-stream");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(json(refused).path("type").asString()).isEqualTo("/problems/too-many-streams");

    streams.removeFirst().close();
    await().until(() -> live.count() < 5);
    assertThat(open(id, null).status()).isEqualTo("HTTP/1.1 200 ");
  }

  @Test
  void aStreamOfAnotherCustomersOrderIsNotFound() throws IOException {
    String id = placed();
    customer = new TestOrders(port);

    assertThat(open(id, null).status()).isEqualTo("HTTP/1.1 404 ");
  }

  @Test
  void headOfAStreamIsAnsweredWithHeadersOnly() throws IOException {
    String id = placed();
    try (var http = new RawHttp(port)) {
      http.write(request("HEAD", "/orders/" + id + "/events", "text/event-stream"));
      var head = http.read(true);
      http.write(request("GET", "/orders/" + id, "application/json"));
      var next = http.read(false);

      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
      assertThat(next.status()).isEqualTo(200);
      assertThat(next.text()).startsWith("{\"id\":\"" + id);
    }
    await().until(() -> live.count() == 0);
  }

  private byte[] request(String method, String path, String accept) {
    return """
    %s %s HTTP/1.1\r
    Host: localhost\r
    Accept: %s\r
    Authorization: Bearer %s\r
    \r
    """
        .formatted(method, path, accept, customer.token())
        .getBytes(UTF_8);
  }

  @Test
  void clientsThatLeaveWhileEventsComeLogNoErrors(CapturedOutput output) throws IOException {
    String id = placed();
    captured(id);
    await().until(() -> types(id).size() == 2);
    for (int round = 0; round < 3; round++) {
      List<EventStreamClient> leaving = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        // An admin may open more streams than a customer.
        var stream = new EventStreamClient(port, TestOrders.admin(port), id, null);
        assertThat(stream.next()).isEqualTo("id: 1");
        leaving.add(stream);
      }
      var refunds =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 10; i++) {
                  refund(id);
                }
              });
      for (var stream : leaving) {
        stream.abort();
      }
      await().until(() -> !refunds.isAlive());
      await().until(() -> live.count() == 0);
    }

    assertThat(output.getAll().lines().filter(TimelineTest::isErrorOfARequest)).isEmpty();
  }

  /** Not an error of a consumer, which another test of this process may have left behind. */
  private static boolean isErrorOfARequest(String line) {
    return line.contains("\"ERROR\"")
        && Stream.of("org.apache.catalina.", "org.apache.coyote.", "shop.")
            .anyMatch(logger -> line.contains("\"logger_name\":\"" + logger));
  }

  private void refund(String id) {
    var answer =
        TestOrders.admin(port)
            .post(
                "/orders/" + id + "/refunds",
                UUID.randomUUID().toString(),
                "{\"reason\":\"a part\",\"amount\":{\"amount\":1,\"currency\":\"EUR\"}}");
    assertThat(answer.statusCode()).isEqualTo(201);
  }

  private String placed() {
    String id = customer.placed("MUG-WHITE", 1);
    await().until(() -> customer.order(id).get("version").asInt() == 1);
    return id;
  }

  private List<String> types(String id) {
    List<String> types = new ArrayList<>();
    json(customer.get("/orders/" + id + "/events"))
        .get("items")
        .forEach(item -> types.add(item.get("type").asString()));
    return types;
  }

  private void captured(String id) {
    fact(id, "shop.payment.captured.v1", Map.of("paymentIntentId", "pi_" + id));
  }

  private void fact(String id, String type, Map<String, ?> data) {
    PaymentFacts.publish(kafka, customer, id, type, data);
  }

  private EventStreamClient open(String id, String lastEventId) throws IOException {
    var stream = new EventStreamClient(port, customer, id, lastEventId);
    streams.add(stream);
    return stream;
  }
}

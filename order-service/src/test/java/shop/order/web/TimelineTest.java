package shop.order.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.order.TestOrders.json;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.order.OrderServiceTest;
import shop.order.TestOrders;
import shop.order.tracking.LiveTimelines;

/** What happened to an order, at once and as it happens. */
@OrderServiceTest
class TimelineTest {

  private static final int MANY = 500;
  private static final int SECONDS = 1000;

  @LocalServerPort int port;
  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  @Autowired LiveTimelines live;
  private final List<Stream> streams = new ArrayList<>();
  private TestOrders customer;

  @BeforeEach
  void start() {
    customer = new TestOrders(port);
  }

  @AfterEach
  void stop() throws IOException {
    for (var stream : streams) {
      stream.socket.close();
    }
  }

  @Test
  void theTimelineTellsEveryEventOnce() {
    String id = placed();
    captured(id);

    await()
        .untilAsserted(() ->
            assertThat(types(id))
                .containsExactly("shop.order.placed.v1", "shop.order.confirmed.v1"));
    assertThat(new TestOrders(port).get("/orders/" + id + "/events").statusCode()).isEqualTo(404);
  }

  @Test
  void aStreamTellsWhatWasAndWhatComes() throws IOException {
    String id = placed();
    var stream = open(id, null);

    assertThat(stream.next()).isEqualTo("id: 1");
    captured(id);

    assertThat(stream.next()).isEqualTo("id: 2");
  }

  @Test
  void aStreamResumesBehindTheLastEventThatTheClientHas() throws IOException {
    String id = placed();
    captured(id);
    await().until(() -> types(id).size() == 2);

    assertThat(open(id, "1").next()).isEqualTo("id: 2");
    assertThat(open(id, null).next()).isEqualTo("id: 1");
  }

  @Test
  void aStreamOfAnothersOrderDoesNotExist() throws IOException {
    String id = placed();
    customer = new TestOrders(port);

    assertThat(open(id, null).status).isEqualTo("HTTP/1.1 404 ");
  }

  @Test
  void manyStreamsNeedNoThreadsOfTheirOwn() throws IOException {
    String id = placed();
    int before = ManagementFactory.getThreadMXBean().getThreadCount();
    for (int i = 0; i < MANY; i++) {
      open(id, "1");
    }
    await().until(() -> live.count() >= MANY);

    assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(before + 50);
    captured(id);
    for (var stream : streams) {
      assertThat(stream.next()).isEqualTo("id: 2");
    }
    for (var stream : streams) {
      stream.socket.close();
    }

    await().until(() -> live.count() == 0);
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
    kafka
        .send(
            Envelope.of(type, "payment-service", id, Instant.now())
                .record(Topics.PAYMENTS.name(), data))
        .join();
  }

  private Stream open(String id, String lastEventId) throws IOException {
    var stream = new Stream(port, customer, id, lastEventId);
    streams.add(stream);
    return stream;
  }

  /** A client that reads a stream line by line. */
  private static final class Stream {
    private final Socket socket;
    private final BufferedReader lines;
    private final String status;

    Stream(int port, TestOrders customer, String id, String lastEventId) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(30 * SECONDS);
      String resume = lastEventId == null ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
      socket
          .getOutputStream()
          .write(
              """
              GET /orders/%s/events HTTP/1.1\r
              Host: localhost\r
              Accept: text/event-stream\r
              Authorization: Bearer %s\r
              %s\r
              """
                  .formatted(id, customer.token(), resume)
                  .getBytes(UTF_8));
      lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      status = lines.readLine();
    }

    /** The id of the next event. */
    String next() throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          return line;
        }
      }
      throw new AssertionError("The stream ended");
    }
  }
}

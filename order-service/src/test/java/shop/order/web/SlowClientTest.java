package shop.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.KafkaTemplate;
import shop.order.EventStreamClient;
import shop.order.OrderServiceTest;
import shop.order.PaymentFact;
import shop.order.PaymentFacts;
import shop.order.TestOrders;
import shop.order.tracking.LiveTimelines;

/** Streams on connections whose buffers hold little unread data. */
@OrderServiceTest
class SlowClientTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int REFUNDS = 30;

  /** The longest reason: 500 characters of three bytes each. */
  private static final String REASON = "€".repeat(500);

  @LocalServerPort int port;
  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  @Autowired LiveTimelines live;

  @TestConfiguration(proxyBeanMethods = false)
  static class SmallBuffers {
    @Bean
    TomcatConnectorCustomizer smallSendBuffer() {
      return connector -> connector.setProperty("socket.txBufSize", "4096");
    }
  }

  @Test
  void aClientThatDoesNotReadIsDisconnectedAndDelaysNoOther() throws IOException {
    var customer = new TestOrders(port);
    String id = confirmed(customer);
    var ids = IntStream.rangeClosed(1, 2 + REFUNDS).mapToObj(i -> "id: " + i).toList();
    try (var idle = EventStreamClient.small(port, customer, id);
        var reader = new EventStreamClient(port, customer, id, null)) {
      assertThat(idle.status()).isEqualTo("HTTP/1.1 200 ");
      assertThat(reader.status()).isEqualTo("HTTP/1.1 200 ");

      refund(id);
      List<String> received = new ArrayList<>();
      while (received.size() < ids.size()) {
        received.add(reader.next());
      }
      await().atMost(TIMEOUT).until(() -> live.count() == 1);

      assertThat(received).isEqualTo(ids);
      assertThat(reader.comment()).isEqualTo(": still here");
      resume(customer, id, remaining(idle), ids);
    }
  }

  /** The events that were sent before the client was disconnected. */
  private static List<String> remaining(EventStreamClient idle) throws IOException {
    List<String> events = new ArrayList<>();
    for (String event = idle.next(); event != null; event = idle.next()) {
      events.add(event);
    }
    return events;
  }

  private void resume(TestOrders customer, String id, List<String> has, List<String> all)
      throws IOException {
    assertThat(has).isNotEmpty().hasSizeLessThan(all.size()).isEqualTo(all.subList(0, has.size()));
    try (var again =
        new EventStreamClient(port, customer, id, has.getLast().substring("id: ".length()))) {
      assertThat(again.next()).isEqualTo(all.get(has.size()));
    }
  }

  private String confirmed(TestOrders customer) {
    String id = customer.placed("MUG-WHITE", 1);
    PaymentFacts.publish(
        kafka, customer, id, PaymentFact.Captured.TYPE, Map.of("paymentIntentId", "pi_" + id));
    await().until(() -> customer.order(id).path("status").asString().equals("CONFIRMED"));
    return id;
  }

  private void refund(String id) {
    var admin = TestOrders.admin(port);
    String body = "{\"reason\":\"" + REASON + "\",\"amount\":{\"amount\":1,\"currency\":\"EUR\"}}";
    for (int i = 0; i < REFUNDS; i++) {
      var answer = admin.post("/orders/" + id + "/refunds", UUID.randomUUID().toString(), body);
      assertThat(answer.statusCode()).isEqualTo(201);
    }
  }
}

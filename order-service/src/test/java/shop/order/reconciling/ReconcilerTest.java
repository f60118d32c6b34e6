package shop.order.reconciling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.adapter.MessageListenerAdapter;
import org.springframework.amqp.support.converter.MessageConverter;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import shop.common.json.Json;
import shop.order.OrderServiceTest;
import shop.order.TestOrders;

/** An order whose payment is done, but whose facts never came; the test plays payment-service. */
@OrderServiceTest
@TestPropertySource(properties = {"shop.reconciling.after=1s", "shop.reconciling.every=300ms"})
class ReconcilerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String QUEUE = "payment-service.questions";

  @LocalServerPort int port;
  @Autowired ConnectionFactory rabbit;
  @Autowired MeterRegistry metrics;
  private final Map<String, List<Map<String, Object>>> known = new ConcurrentHashMap<>();
  private SimpleMessageListenerContainer responder;
  private TestOrders customer;
  private TestOrders admin;

  /** Answers like payment-service does: what it knows, or that it knows nothing. */
  public final class Responder {
    public byte[] answer(byte[] question) {
      String id = Json.MAPPER.readTree(question).get("orderId").asString();
      return Json.bytes(Map.of("orderId", id, "facts", known.getOrDefault(id, List.of())));
    }
  }

  @BeforeEach
  void start() {
    customer = new TestOrders(port);
    admin = TestOrders.admin(port);
    new RabbitAdmin(rabbit).declareQueue(new Queue(QUEUE, true));
    var adapter = new MessageListenerAdapter(new Responder(), "answer");
    adapter.setMessageConverter(new Bytes());
    responder = new SimpleMessageListenerContainer(rabbit);
    responder.setQueueNames(QUEUE);
    responder.setMessageListener(adapter);
    responder.start();
  }

  /** Bytes as they are. */
  private static final class Bytes implements MessageConverter {
    @Override
    public Message toMessage(Object object, MessageProperties properties) {
      return MessageBuilder.withBody((byte[]) object).andProperties(properties).build();
    }

    @Override
    public Object fromMessage(Message message) {
      return message.getBody();
    }
  }

  @AfterEach
  void stop() {
    responder.stop();
  }

  @Test
  void anOrderWhosePaymentIsKnownIsHelpedOn() {
    String id = customer.placed("MUG-WHITE", 1);
    known.put(
        id,
        List.of(
            Map.of(
                "type",
                "shop.payment.captured.v1",
                "data",
                Map.of("paymentIntentId", "pi_" + id))));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(customer.order(id).get("status").asString()).isEqualTo("CONFIRMED"));
  }

  @Test
  void anOrderOfWhichNothingIsKnownIsShownToTheAdmin() {
    String id = customer.placed("MUG-WHITE", 1);

    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(TestOrders.json(admin.get("/admin/orders/unsettled")).get("items"))
                .anySatisfy(finding -> {
                  assertThat(finding.get("orderId").asString()).isEqualTo(id);
                  assertThat(finding.get("payments")).isEmpty();
                  assertThat(finding.get("repaired").asBoolean()).isFalse();
                }));
    assertThat(customer.get("/admin/orders/unsettled").statusCode()).isEqualTo(403);
    assertThat(metrics.get("orders.unsettled").gauge().value()).isPositive();
    assertThat(customer.order(id).get("status").asString()).isEqualTo("PLACED");
  }

  /** More orders stay open than are asked about at once. */
  @Test
  void thoseThatCannotBeHelpedDoNotKeepTheOthersWaiting() {
    for (int i = 0; i < 60; i++) {
      customer.placed("MUG-WHITE", 1);
    }
    String last = customer.placed("MUG-WHITE", 1);
    var captured = Map.of("paymentIntentId", "pi_" + last);
    known.put(last, List.of(Map.of("type", "shop.payment.captured.v1", "data", captured)));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(customer.order(last).get("status").asString()).isEqualTo("CONFIRMED"));
  }

  @Test
  void aLostCancelIsEndedByWhatPaymentServiceKnows() {
    String id = customer.placed("MUG-WHITE", 1);
    assertThat(customer.post("/orders/" + id + "/cancel", key(), "{}").statusCode()).isEqualTo(202);
    known.put(id, List.of(Map.of("type", "shop.payment.voided.v1", "data", Map.of())));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(customer.order(id).get("status").asString()).isEqualTo("CANCELLED"));
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }
}

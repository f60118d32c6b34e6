package shop.order.reconciling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.context.TestPropertySource;
import shop.common.json.Json;
import shop.common.testkit.Contracts;
import shop.order.OrderId;
import shop.order.OrderServiceTest;
import shop.order.OrderSteps;
import shop.order.OrderSummary;
import shop.order.PaymentFact;
import shop.order.PlaceOrder;
import shop.order.TestOrders;
import shop.order.UnreadableCommand;
import shop.order.archive.ArchivedOrders;
import shop.order.store.Evictions;
import tools.jackson.databind.JsonNode;

/** Orders whose payment facts never arrived; the test stands in for payment-service. */
@OrderServiceTest
@TestPropertySource(properties = {"shop.reconciling.after=1s", "shop.reconciling.every=300ms"})
class ReconcilerTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String QUEUE = "payment-service.questions";

  @LocalServerPort int port;
  @Autowired ConnectionFactory rabbit;
  @Autowired MeterRegistry metrics;
  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  @Autowired ArchivedOrders archive;
  @Autowired Evictions evictions;
  private final Map<String, List<Map<String, Object>>> reportedFacts = new ConcurrentHashMap<>();
  private SimpleMessageListenerContainer responder;
  private TestOrders customer;
  private TestOrders admin;

  /** Replies as payment-service does: with the facts about an order, or with none. */
  public final class Responder {
    public byte[] reply(byte[] query) {
      String id = Json.MAPPER.readTree(query).get("orderId").asString();
      return Json.bytes(Map.of("orderId", id, "facts", reportedFacts.getOrDefault(id, List.of())));
    }
  }

  @BeforeEach
  void start() {
    customer = new TestOrders(port);
    admin = TestOrders.admin(port);
    new RabbitAdmin(rabbit).declareQueue(new Queue(QUEUE, true));
    var adapter = new MessageListenerAdapter(new Responder(), "reply");
    adapter.setMessageConverter(new Bytes());
    responder = new SimpleMessageListenerContainer(rabbit);
    responder.setQueueNames(QUEUE);
    responder.setMessageListener(adapter);
    responder.start();
  }

  /** Passes bodies on as bytes. */
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
  void anOrderIsSettledByTheFactsOfPaymentService() {
    String id = customer.placed("MUG-WHITE", 1);
    reportedFacts.put(
        id,
        List.of(
            Map.of(
                "type",
                "shop.payment.captured.v1",
                "data",
                Map.of("paymentIntentId", "pi_" + id))));

    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(customer.order(id).get("status").asString()).isEqualTo("CONFIRMED"));
  }

  @Test
  void anOrderWithoutFactsIsListedForAdmins() {
    String id = customer.placed("MUG-WHITE", 1);

    await()
        .atMost(TIMEOUT)
        .untilAsserted(() ->
            assertThat(TestOrders.json(admin.get("/admin/orders/unsettled")).get("items"))
                .anySatisfy(finding -> {
                  assertThat(finding.get("orderId").asString()).isEqualTo(id);
                  assertThat(finding.get("payments")).isEmpty();
                  assertThat(finding.get("repaired").asBoolean()).isFalse();
                  assertThat(finding.get("withheld").asBoolean()).isFalse();
                }));
    assertThat(customer.get("/admin/orders/unsettled").statusCode()).isEqualTo(403);
    assertThat(metrics.get("orders.unsettled").gauge().value()).isPositive();
    assertThat(customer.order(id).get("status").asString()).isEqualTo("PLACED");
  }

  @Test
  void anOrderWhoseCommandIsADeadLetterIsListedAsWithheld() {
    var sample = Contracts.data(PlaceOrder.TYPE, PlaceOrder.class);
    var id = new OrderId(UUID.randomUUID());
    var summary =
        new OrderSummary(
            customer.customer(),
            sample.fingerprint(),
            sample.items(),
            sample.total(),
            Instant.now().truncatedTo(ChronoUnit.MILLIS));

    var captured = Map.of("paymentIntentId", "pi_" + id);
    reportedFacts.put(
        id.toString(), List.of(Map.of("type", "shop.payment.captured.v1", "data", captured)));

    kafka.send(UnreadableCommand.of(id, summary)).join();

    await()
        .atMost(TIMEOUT)
        .untilAsserted(() ->
            assertThat(TestOrders.json(admin.get("/admin/orders/unsettled")).get("items"))
                .anySatisfy(found -> {
                  assertThat(found.get("orderId").asString()).isEqualTo(id.toString());
                  assertThat(found.get("withheld").asBoolean()).isTrue();
                  assertThat(found.get("payments")).hasSize(1);
                  // The processor has no order that facts could settle.
                  assertThat(found.get("repaired").asBoolean()).isFalse();
                }));
    assertThat(metrics.get("orders.unsettled.age").gauge().value()).isPositive();
  }

  /** There are more unsettled orders than one round examines. */
  @Test
  void ordersWithoutFactsDoNotDelayTheOthers() {
    for (int i = 0; i < 60; i++) {
      customer.placed("MUG-WHITE", 1);
    }
    String last = customer.placed("MUG-WHITE", 1);
    var captured = Map.of("paymentIntentId", "pi_" + last);
    reportedFacts.put(last, List.of(Map.of("type", "shop.payment.captured.v1", "data", captured)));

    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(customer.order(last).get("status").asString()).isEqualTo("CONFIRMED"));
  }

  @Test
  void aCancellationWhoseFactWasLostIsCompleted() {
    String id = customer.placed("MUG-WHITE", 1);
    assertThat(customer.post("/orders/" + id + "/cancel", key(), "{}").statusCode()).isEqualTo(202);
    reportedFacts.put(id, List.of(Map.of("type", "shop.payment.voided.v1", "data", Map.of())));

    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(customer.order(id).get("status").asString()).isEqualTo("CANCELLED"));
  }

  /** It has left Redis, where refunds are not looked for; of another refund nothing is repeated. */
  @Test
  void aRefundOfAnOrderThatHasLeftWhoseFactWasLostIsCompleted() {
    var steps = new OrderSteps(kafka, customer, admin);
    String id = customer.placed("MUG-WHITE", 1);
    steps.confirm(id);
    steps.ship(id, key(), "X1");
    awaitLeft(OrderId.parse(id));
    var response = steps.requestRefund(id, "");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    var details = TestOrders.json(response).get("details");

    reportedFacts.put(id, List.of(refunded(details, UUID.randomUUID())));
    await()
        .atMost(TIMEOUT)
        .untilAsserted(() ->
            assertThat(TestOrders.json(admin.get("/admin/orders/unsettled")).get("items"))
                .anySatisfy(found -> {
                  assertThat(found.get("orderId").asString()).isEqualTo(id);
                  assertThat(found.get("payments")).hasSize(1);
                  assertThat(found.get("repaired").asBoolean()).isFalse();
                }));
    assertThat(customer.order(id).get("status").asString()).isEqualTo("SHIPPED");
    reportedFacts.put(id, List.of(refunded(details, details.get("refundId"))));

    steps.awaitStatus(id, "REFUNDED");
  }

  private static Map<String, Object> refunded(JsonNode details, Object refundId) {
    return Map.of(
        "type",
        PaymentFact.Refunded.TYPE,
        "data",
        Map.of("refundId", refundId, "amount", details.get("amount")));
  }

  private void awaitLeft(OrderId id) {
    await()
        .atMost(TIMEOUT)
        .until(() -> {
          var stored = archive.withoutRefundUnderWay(List.of(id));
          return evictions.evict(Instant.now(), stored.value(), stored.positions()) == 1;
        });
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }
}

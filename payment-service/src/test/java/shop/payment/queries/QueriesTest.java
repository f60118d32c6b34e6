package shop.payment.queries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import shop.common.json.Json;
import shop.local.broker.Brokers;
import shop.payment.Kafka;
import shop.payment.RunningService;
import shop.payment.ServiceUnderTest;
import tools.jackson.databind.JsonNode;

/** The queries of order-service's reconciler over a real RabbitMQ. */
@Tag("slow")
class QueriesTest {

  @RegisterExtension private static final ServiceUnderTest SERVICE = ServiceUnderTest.standard();

  private static CachingConnectionFactory connections;
  private static RabbitTemplate client;

  @BeforeAll
  static void start() {
    var rabbit = Brokers.rabbit();
    connections = new CachingConnectionFactory(rabbit.host(), rabbit.port());
    connections.setUsername(rabbit.user());
    connections.setPassword(rabbit.password());
    client = new RabbitTemplate(connections);
    client.setReplyTimeout(10_000);
    await()
        .until(() ->
            SERVICE.instance().bean(AmqpAdmin.class).getQueueInfo(QueryResponder.QUEUE) != null);
  }

  @AfterAll
  static void stop() {
    client.stop();
    connections.destroy();
  }

  @Test
  void respondsWithTheEventsOfTheLog() {
    var order = Kafka.place("pm_card_visa");
    Kafka.awaitTypes(order, "shop.payment.started.v1", "shop.payment.captured.v1");
    Kafka.send(Kafka.refundRequested(order, UUID.randomUUID(), 1290));
    Kafka.last(order, "shop.payment.refunded.v1", Object.class);

    var response = query(order.orderId().toString());

    assertThat(response.get("orderId").asString()).isEqualTo(order.orderId().toString());
    var logged = Kafka.payments(order).toList();
    assertThat(response.get("facts").size()).isEqualTo(logged.size());
    for (int i = 0; i < logged.size(); i++) {
      var fact = response.get("facts").get(i);
      assertThat(fact.get("type").asString()).isEqualTo(Kafka.types(order).get(i));
      assertThat(fact.get("data")).isEqualTo(Json.MAPPER.readTree(logged.get(i).value()));
    }
  }

  @Test
  void respondsWithNoEventsForAnUnknownOrder() {
    assertThat(query(UUID.randomUUID().toString()).get("facts").isEmpty()).isTrue();
  }

  @Test
  void respondsWithAVoidWithoutAnIntent() {
    var order = Kafka.newOrder("pm_card_visa");
    Kafka.send(Kafka.cancelRequested(order));
    Kafka.awaitTypes(order, "shop.payment.voided.v1");

    var facts = query(order.orderId().toString()).get("facts");

    assertThat(facts.size()).isEqualTo(1);
    assertThat(facts.get(0).get("type").asString()).isEqualTo("shop.payment.voided.v1");
    assertThat(facts.get(0).get("data").has("paymentIntentId")).isFalse();
  }

  @Test
  void malformedQueryIsDroppedAndTheNextOneGetsAResponse() {
    client.send("", QueryResponder.QUEUE, new Message("no JSON".getBytes(StandardCharsets.UTF_8)));

    assertThat(query(UUID.randomUUID().toString()).has("facts")).isTrue();
    assertThat(
            SERVICE
                .instance()
                .bean(AmqpAdmin.class)
                .getQueueInfo(QueryResponder.QUEUE)
                .getMessageCount())
        .isZero();
  }

  @Test
  void paymentsContinueWithoutRabbit() {
    SERVICE.whileStopped(() -> {
      try (var _ =
          RunningService.at(
              SERVICE.sandbox(), "--spring.rabbitmq.port=1", "--server.shutdown=immediate")) {
        var order = Kafka.place("pm_card_visa");

        Kafka.awaitTypes(order, "shop.payment.started.v1", "shop.payment.captured.v1");
      }
    });
  }

  private static JsonNode query(String orderId) {
    var query = new Message(Json.bytes(java.util.Map.of("orderId", orderId)));
    var reply = client.sendAndReceive("", QueryResponder.QUEUE, query);
    assertThat(reply).as("response within the timeout").isNotNull();
    assertThat(reply.getMessageProperties().getContentType()).isEqualTo("application/json");
    return Json.MAPPER.readTree(reply.getBody());
  }
}

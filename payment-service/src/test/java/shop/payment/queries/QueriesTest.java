package shop.payment.queries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

/** The questions of order-service's reconciler, over a real RabbitMQ. */
class QueriesTest {

  @RegisterExtension private static final ServiceUnderTest STAGE = ServiceUnderTest.usual();

  private static CachingConnectionFactory connections;
  private static RabbitTemplate asker;

  @BeforeAll
  static void start() {
    var rabbit = Brokers.rabbit();
    connections = new CachingConnectionFactory(rabbit.host(), rabbit.port());
    connections.setUsername(rabbit.user());
    connections.setPassword(rabbit.password());
    asker = new RabbitTemplate(connections);
    asker.setReplyTimeout(10_000);
    await()
        .until(
            () -> STAGE.service().bean(AmqpAdmin.class).getQueueInfo(QueryResponder.QUEUE) != null);
  }

  @AfterAll
  static void stop() {
    asker.stop();
    connections.destroy();
  }

  @Test
  void tellsTheEventsThatCountedAsTheyLieInTheLog() {
    var due = Kafka.place("pm_card_visa");
    Kafka.awaitTypes(due, "shop.payment.started.v1", "shop.payment.captured.v1");
    Kafka.send(Kafka.refundRequested(due, UUID.randomUUID(), 1290));
    Kafka.last(due, "shop.payment.refunded.v1", Object.class);

    var answer = ask(due.orderId().toString());

    assertThat(answer.get("orderId").asString()).isEqualTo(due.orderId().toString());
    var logged = Kafka.payments(due).toList();
    assertThat(answer.get("facts").size()).isEqualTo(logged.size());
    for (int i = 0; i < logged.size(); i++) {
      var fact = answer.get("facts").get(i);
      assertThat(fact.get("type").asString()).isEqualTo(Kafka.types(due).get(i));
      assertThat(fact.get("data")).isEqualTo(Json.MAPPER.readTree(logged.get(i).value()));
    }
  }

  @Test
  void tellsThatItKnowsNothing() {
    assertThat(ask(UUID.randomUUID().toString()).get("facts").isEmpty()).isTrue();
  }

  @Test
  void tellsOfAVoidWithoutAnIntent() {
    var due = Kafka.due("pm_card_visa");
    Kafka.send(Kafka.cancelRequested(due));
    Kafka.awaitTypes(due, "shop.payment.voided.v1");

    var facts = ask(due.orderId().toString()).get("facts");

    assertThat(facts.size()).isEqualTo(1);
    assertThat(facts.get(0).get("type").asString()).isEqualTo("shop.payment.voided.v1");
    assertThat(facts.get(0).get("data").has("paymentIntentId")).isFalse();
  }

  @Test
  void garbageIsDroppedAndTheNextQuestionAnswered() {
    asker.send("", QueryResponder.QUEUE, new Message("garbage".getBytes(StandardCharsets.UTF_8)));

    assertThat(ask(UUID.randomUUID().toString()).has("facts")).isTrue();
    assertThat(
            STAGE
                .service()
                .bean(AmqpAdmin.class)
                .getQueueInfo(QueryResponder.QUEUE)
                .getMessageCount())
        .isZero();
  }

  @Test
  void paymentsGoOnWithoutRabbit() {
    STAGE.without(() -> {
      try (var _ =
          RunningService.at(
              STAGE.sandbox(), "--spring.rabbitmq.port=1", "--server.shutdown=immediate")) {
        var due = Kafka.place("pm_card_visa");

        Kafka.awaitTypes(due, "shop.payment.started.v1", "shop.payment.captured.v1");
      }
    });
  }

  private static JsonNode ask(String orderId) {
    var question = new Message(Json.bytes(java.util.Map.of("orderId", orderId)));
    var reply = asker.sendAndReceive("", QueryResponder.QUEUE, question);
    assertThat(reply).as("no answer in time").isNotNull();
    assertThat(reply.getMessageProperties().getContentType()).isEqualTo("application/json");
    return Json.MAPPER.readTree(reply.getBody());
  }
}

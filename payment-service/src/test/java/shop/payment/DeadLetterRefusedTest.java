package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.common.kafka.Topics;
import shop.local.broker.Brokers;

/** The broker rejects dead letters: no record may be lost. */
@Tag("slow")
class DeadLetterRefusedTest {

  @Test
  void recordStaysUncommittedUntilItsDeadLetterIsAcknowledged() throws Exception {
    try (var sandbox = Sandbox.start();
        var _ = RunningService.at(sandbox)) {
      alter(AlterConfigOp.OpType.SET);
      var poison = Kafka.send(new ProducerRecord<>("orders", 5, new byte[] {1}, new byte[] {2}));
      var order = Kafka.newOrder("pm_card_visa");
      var placed = Kafka.placed(order);
      Kafka.send(
          new ProducerRecord<>("orders", 5, null, placed.key(), placed.value(), placed.headers()));

      Kafka.awaitTypes(order, "shop.payment.started.v1", "shop.payment.captured.v1");
      assertThat(Kafka.committed(poison)).isLessThanOrEqualTo(poison.offset());
      assertThat(Kafka.deadLetters(poison)).isEmpty();

      alter(AlterConfigOp.OpType.DELETE);
      assertThat(Kafka.awaitDeadLetter(poison).value()).containsExactly(2);
      await().until(() -> Kafka.committed(poison) > poison.offset());
    } finally {
      alter(AlterConfigOp.OpType.DELETE);
    }
  }

  /** Sets or deletes a limit of ten bytes for records of the topic dead-letters. */
  private static void alter(AlterConfigOp.OpType change) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", Brokers.kafka()))) {
      var topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.DEAD_LETTERS.name());
      var limit = new AlterConfigOp(new ConfigEntry("max.message.bytes", "10"), change);
      admin.incrementalAlterConfigs(Map.of(topic, List.of(limit))).all().get();
    }
  }
}

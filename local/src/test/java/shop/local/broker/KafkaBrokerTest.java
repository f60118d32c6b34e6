package shop.local.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.os.Ports;

@Tag("slow")
class KafkaBrokerTest {
  @TempDir Path folder;
  private KafkaBroker kafka;

  @BeforeEach
  void start() {
    kafka = new KafkaBroker(folder, Ports.freeBlock(KafkaBroker.PORTS));
    kafka.start();
  }

  @AfterEach
  void stop() {
    kafka.stop();
  }

  @Test
  void acknowledgedRecordsSurviveAKill() throws Exception {
    createTopic("facts");
    send("facts", "an order");

    kafka.kill();
    assertThat(kafka.running()).isFalse();
    kafka.start();

    assertThat(endOffset("facts")).isEqualTo(1);
  }

  @Test
  void startingARunningBrokerDoesNothing() {
    var pid = kafka.pid();
    kafka.start();
    assertThat(kafka.pid()).isEqualTo(pid);
  }

  @Test
  void topicsAreNotCreatedByProducers() {
    assertThatThrownBy(() -> send("undeclared-topic", "x"))
        .hasStackTraceContaining("not present in metadata");
  }

  private void createTopic(String topic) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private void send(String topic, String value) throws Exception {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers", kafka.bootstrapServers(), "acks", "all", "max.block.ms", 3000);
    var text = new StringSerializer();
    try (var producer = new KafkaProducer<>(settings, text, text)) {
      producer.send(new ProducerRecord<>(topic, value)).get(30, TimeUnit.SECONDS);
    }
  }

  private long endOffset(String topic) {
    var settings = Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers());
    var text = new StringDeserializer();
    try (var consumer = new KafkaConsumer<>(settings, text, text)) {
      var partition = new TopicPartition(topic, 0);
      return consumer.endOffsets(List.of(partition)).get(partition);
    }
  }
}

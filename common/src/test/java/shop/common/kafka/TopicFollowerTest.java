package shop.common.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.local.broker.Brokers;

@Tag("slow")
class TopicFollowerTest {

  private final Topic topic = new Topic("followed-" + UUID.randomUUID(), 2, Map.of());
  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", Brokers.kafka()),
          new ByteArraySerializer(),
          new ByteArraySerializer());
  private final TopicFollower follower =
      new TopicFollower(
          "test",
          Map.of(
              "bootstrap.servers", Brokers.kafka(),
              "key.deserializer", ByteArrayDeserializer.class,
              "value.deserializer", ByteArrayDeserializer.class),
          List.of(topic),
          record -> received.add(new String(record.value(), UTF_8)),
          _ -> {});

  @BeforeEach
  void createTopic() {
    new TopicCreation(
            Map.of("bootstrap.servers", Brokers.kafka()),
            new RequiredTopics(List.of(topic)),
            new KafkaSettings(1, 1, Duration.ofSeconds(30)))
        .start();
  }

  @AfterEach
  void close() {
    follower.stop();
    producer.close();
  }

  @Test
  void aRestartedFollowerContinuesWhereItStopped() throws Exception {
    append(0, "first");
    append(1, "second");
    follower.start();
    follower.awaitCaughtUp();
    follower.stop();
    append(0, "third");

    follower.start();

    follower.awaitCaughtUp();
    await().until(() -> received.contains("third"));
    assertThat(received).containsExactlyInAnyOrder("first", "second", "third");
  }

  private void append(int partition, String value) throws Exception {
    producer.send(new ProducerRecord<>(topic.name(), partition, null, value.getBytes(UTF_8))).get();
  }
}

package shop.common.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import shop.common.event.Envelope;
import shop.common.kafka.Topic;
import shop.local.broker.Brokers;

/** Reads all committed records of a topic, in order within each partition. */
public final class TopicReader {

  private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

  private TopicReader() {}

  /** Every committed record of a topic of the shared brokers, from the first. */
  public static List<ConsumerRecord<byte[], byte[]>> all(Topic topic) {
    return all(Brokers.kafka(), topic);
  }

  /** The same of another cluster. */
  public static List<ConsumerRecord<byte[], byte[]>> all(String bootstrapServers, Topic topic) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var partitions = topic.topicPartitions();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
      while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
        consumer.poll(POLL_TIMEOUT).forEach(all::add);
      }
      return all;
    }
  }

  /** The records of a topic whose event has this subject. */
  public static List<ConsumerRecord<byte[], byte[]>> about(Topic topic, Object subject) {
    return all(topic).stream()
        .filter(record -> {
          var header = record.headers().lastHeader(Envelope.SUBJECT);
          return header != null && new String(header.value(), UTF_8).equals(subject.toString());
        })
        .toList();
  }
}

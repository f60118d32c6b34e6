package shop.notification;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import shop.common.deadletter.DeadLetter;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.local.broker.Brokers;

/** The log as a test sees it: what it appends, and everything that is there. */
public final class TestLog implements AutoCloseable {

  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", Brokers.kafka(), "acks", "all"),
          new ByteArraySerializer(),
          new ByteArraySerializer());

  public void append(ProducerRecord<byte[], byte[]> record) {
    try {
      producer.send(record).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** Every record of a topic, from the first. */
  public static List<ConsumerRecord<byte[], byte[]>> all(String topic) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", Brokers.kafka(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
      }
    }
    return all;
  }

  /** The records of a topic about a subject. */
  public static List<ConsumerRecord<byte[], byte[]>> about(String topic, Object subject) {
    return all(topic).stream()
        .filter(record -> {
          var header = record.headers().lastHeader("ce_subject");
          return header != null
              && new String(header.value(), StandardCharsets.UTF_8).equals(subject.toString());
        })
        .toList();
  }

  /** The dead letters about an order. */
  public static List<DeadLetter> deadLetters(UUID order) {
    return about(Topics.DEAD_LETTERS.name(), order).stream()
        .map(record -> DeadLetter.read(record.headers(), record.value()))
        .toList();
  }

  /** The types of what was told of an order's notifications. */
  public static List<String> results(UUID order) {
    return about(Topics.NOTIFICATIONS.name(), order).stream()
        .map(record -> Envelope.of(record.headers()).type())
        .toList();
  }

  @Override
  public void close() {
    producer.close();
  }
}

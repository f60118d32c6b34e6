package shop.notification;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import shop.common.deadletter.DeadLetter;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.common.testkit.TopicReader;
import shop.local.broker.Brokers;

/** Appends records to topics and reads what they contain. */
public final class TestTopics implements AutoCloseable {

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

  /** A record as a consumer reads it. */
  public static ConsumerRecord<byte[], byte[]> read(
      ProducerRecord<byte[], byte[]> written, long timestamp) {
    return new ConsumerRecord<>(
        written.topic(),
        0,
        0,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        0,
        written.key(),
        written.value(),
        written.headers(),
        Optional.empty());
  }

  /** The dead letters about an order. */
  public static List<DeadLetter> deadLetters(UUID order) {
    return TopicReader.about(Topics.DEAD_LETTERS, order).stream()
        .map(record -> DeadLetter.read(record.headers(), record.value()))
        .toList();
  }

  /** The event types of the results of an order's deliveries. */
  public static List<String> resultTypes(UUID order) {
    return TopicReader.about(Topics.NOTIFICATIONS, order).stream()
        .map(record -> Envelope.of(record.headers()).type())
        .toList();
  }

  @Override
  public void close() {
    producer.close();
  }
}

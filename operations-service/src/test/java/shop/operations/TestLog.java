package shop.operations;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.kafka.Topic;
import shop.common.testkit.Contracts;
import shop.common.testkit.TopicReader;
import shop.local.broker.Brokers;

/** Writes and reads the log like the other services. */
public final class TestLog {

  private static final KafkaProducer<byte[], byte[]> PRODUCER =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", Brokers.kafka()),
          new ByteArraySerializer(),
          new ByteArraySerializer());

  private TestLog() {}

  /** A dead letter with a random position, so that its id is unique. */
  public static DeadLetter letter(String service, byte[] key, byte[] value, Headers headers) {
    return letter(service, "orders", key, value, headers);
  }

  public static DeadLetter letter(
      String service, String topic, byte[] key, byte[] value, Headers headers) {
    return new DeadLetter(
        service,
        "group-of-" + service,
        topic,
        3,
        UUID.randomUUID().toString(),
        Instant.parse("2026-01-01T00:00:00Z"),
        new Cause("java.lang.IllegalStateException", "no such thing", "shop.x.Y.z:42", 3),
        key,
        value,
        headers);
  }

  public static DeadLetter letter(String service) {
    return letter(service, "k".getBytes(UTF_8), "{}".getBytes(UTF_8), new RecordHeaders());
  }

  /** A dead-lettered PlaceOrder command with a JSON body and an order as its subject. */
  public static DeadLetter command(String service, String json) {
    var headers = Contracts.record("shop.order.place.v1").headers();
    return letter(service, "order-commands", "k".getBytes(UTF_8), json.getBytes(UTF_8), headers);
  }

  public static DeadLetter append(DeadLetter letter) throws Exception {
    append(letter.toRecord());
    return letter;
  }

  public static void append(ProducerRecord<byte[], byte[]> record) throws Exception {
    PRODUCER.send(record).get();
  }

  /** The redrives of an entry on a redrive topic. */
  public static List<ConsumerRecord<byte[], byte[]>> redrives(Topic topic, String entry) {
    return TopicReader.all(topic).stream()
        .filter(record ->
            Redrive.of(record.headers()).filter(sent -> sent.entry().equals(entry)).isPresent())
        .toList();
  }
}

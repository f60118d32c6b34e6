package shop.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A program that appends a record to topic {@code orders} that no consumer can read. It is a
 * process of its own, because the launcher has no Kafka client on its class path.
 */
final class PoisonRecord {
  private PoisonRecord() {}

  public static void main(String[] bootstrapServers)
      throws ExecutionException, InterruptedException {
    byte[] poison = "poison".getBytes(UTF_8);
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers[0]),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>("orders", poison, poison)).get();
    }
  }
}

package shop.payment.messaging;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.json.Json;
import shop.common.json.MalformedJson;
import shop.common.kafka.Acknowledged;
import shop.common.kafka.Topics;
import shop.payment.books.ReconciliationPass;
import shop.payment.books.ReconciliationPasses;

/**
 * The passes of the reconciliation in a compacted topic, with the pass's age as the key. A follower
 * passes each record to {@link #onRecord}.
 */
final class ReconciliationLog implements ReconciliationPasses {

  private static final Logger log = LoggerFactory.getLogger(ReconciliationLog.class);

  private final KafkaTemplate<byte[], byte[]> kafka;
  private final Map<Duration, ReconciliationPass> passes = new ConcurrentHashMap<>();

  ReconciliationLog(KafkaTemplate<byte[], byte[]> kafka) {
    this.kafka = kafka;
  }

  @Override
  public Optional<ReconciliationPass> find(Duration age) {
    return Optional.ofNullable(passes.get(age));
  }

  /**
   * Appends the pass.
   *
   * @throws Acknowledged.NotAcknowledged if Kafka does not acknowledge it in time; a repeated
   *     window is harmless
   */
  @Override
  public void save(ReconciliationPass pass) {
    Acknowledged.append(
        kafka,
        new ProducerRecord<>(
            Topics.PAYMENT_RECONCILIATION.name(),
            pass.age().toString().getBytes(StandardCharsets.UTF_8),
            Json.bytes(pass)));
    passes.put(pass.age(), pass);
  }

  /** Applies the next record of a partition. */
  void onRecord(ConsumerRecord<byte[], byte[]> record) {
    try {
      var pass = Json.read(record.value(), ReconciliationPass.class);
      passes.put(pass.age(), pass);
    } catch (MalformedJson | DateTimeException e) {
      log.error(
          "Skipping {}-{}@{}: it is not a pass of the reconciliation, which repeats its windows",
          record.topic(),
          record.partition(),
          record.offset(),
          e);
    }
  }
}

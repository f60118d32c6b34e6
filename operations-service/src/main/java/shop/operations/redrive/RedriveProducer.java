package shop.operations.redrive;

import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.stereotype.Component;
import shop.operations.OperationsApplication;
import shop.operations.OperationsSettings;

/**
 * A transactional producer. The listener's transaction also commits the offsets of the actions, so
 * that each redrive is in the log exactly once, even after a crash. The open transaction of a
 * crashed instance blocks readers for at most the transaction timeout.
 */
@Component
class RedriveProducer implements DisposableBean {

  private final DefaultKafkaProducerFactory<byte[], byte[]> producers;
  private final KafkaTemplate<byte[], byte[]> kafka;

  RedriveProducer(KafkaProperties kafka, OperationsSettings settings) {
    Map<String, Object> client = kafka.buildProducerProperties();
    client.put(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
        Math.toIntExact(settings.transactionTimeout().toMillis()));
    // The broker rejects a new transaction until the previous one has ended; the producer retries.
    client.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    // Zombies are fenced by the consumer group's generation, so transactional ids can be random.
    this.producers = new DefaultKafkaProducerFactory<>(client);
    producers.setTransactionIdPrefix(OperationsApplication.NAME + "-" + UUID.randomUUID() + "-");
    this.kafka = new KafkaTemplate<>(producers);
  }

  KafkaTransactionManager<byte[], byte[]> transactions() {
    return new KafkaTransactionManager<>(producers);
  }

  /** Sends within the listener's transaction, which commits only if all sends succeeded. */
  void send(ProducerRecord<byte[], byte[]> record) {
    var _ = kafka.send(record);
  }

  @Override
  public void destroy() {
    producers.destroy();
  }
}

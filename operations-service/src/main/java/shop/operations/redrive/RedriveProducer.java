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

/**
 * Writes in the transaction that also commits the actions' offsets: a decided redrive is in the log
 * exactly once, whatever crashes. A crashed instance's transaction holds readers up no longer than
 * {@value #TRANSACTION_TIMEOUT_MS} ms.
 */
@Component
class RedriveProducer implements DisposableBean {

  private static final int TRANSACTION_TIMEOUT_MS = 10_000;

  private final DefaultKafkaProducerFactory<byte[], byte[]> producers;
  private final KafkaTemplate<byte[], byte[]> kafka;

  RedriveProducer(KafkaProperties kafka) {
    Map<String, Object> settings = kafka.buildProducerProperties();
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
    // A transaction that follows at once is refused until the broker has ended the one before.
    settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    // Zombies are fenced by the group's generation, so instances need no names that last.
    this.producers = new DefaultKafkaProducerFactory<>(settings);
    producers.setTransactionIdPrefix(OperationsApplication.NAME + "-" + UUID.randomUUID() + "-");
    this.kafka = new KafkaTemplate<>(producers);
  }

  KafkaTransactionManager<byte[], byte[]> transactions() {
    return new KafkaTransactionManager<>(producers);
  }

  /** Within the listener's transaction, which commits only if the broker has it. */
  void send(ProducerRecord<byte[], byte[]> record) {
    var _ = kafka.send(record);
  }

  @Override
  public void destroy() {
    producers.destroy();
  }
}

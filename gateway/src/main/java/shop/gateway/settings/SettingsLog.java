package shop.gateway.settings;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.stereotype.Component;
import shop.common.kafka.TopicFollower;
import shop.common.problem.Problem;

/**
 * Appends to the topic gateway-settings, one gateway at a time. A change is decided by what the
 * topic says, and nothing may come between: all gateways share a transactional id, so that a
 * gateway that begins a change fences the one whose change is not committed yet (KIP-98). Blocks.
 */
@Component
final class SettingsLog {

  private static final Logger log = LoggerFactory.getLogger(SettingsLog.class);
  private static final String TRANSACTIONAL_ID = "gateway-settings";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Map<String, Object> properties;
  private final TopicFollower settingsFollower;
  private final ReentrantLock changing = new ReentrantLock();

  SettingsLog(KafkaProperties kafka, TopicFollower settingsFollower) {
    this.properties = new HashMap<>(kafka.buildProducerProperties());
    this.properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID);
    // Followers wait that long for the transaction of a gateway that was killed.
    this.properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
    this.settingsFollower = settingsFollower;
  }

  /**
   * Makes a change, and returns when it is in force at this gateway.
   *
   * @param decision called after everything that is in the topic has been read; returns what to
   *     append, null for nothing
   * @throws Problem that of the decision; 503 if Kafka does not acknowledge the change in time, or
   *     another gateway makes one at the same time
   */
  void change(Supplier<@Nullable ProducerRecord<byte[], byte[]>> decision) {
    try {
      if (!changing.tryLock(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw unknown(new IllegalStateException("Other changes take longer than " + TIMEOUT));
      }
      try {
        changeAlone(decision);
      } finally {
        changing.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown(e);
    } catch (ExecutionException | KafkaException e) {
      throw unknown(e);
    }
  }

  private void changeAlone(Supplier<@Nullable ProducerRecord<byte[], byte[]>> decision)
      throws InterruptedException, ExecutionException {
    var producer = new KafkaProducer<byte[], byte[]>(properties);
    try {
      producer.initTransactions();
      if (!settingsFollower.awaitCurrentEnd(TIMEOUT)) {
        throw unknown(new IllegalStateException("The topic cannot be read to its end"));
      }
      var record = decision.get();
      if (record == null) {
        return;
      }
      producer.beginTransaction();
      var sent = producer.send(record);
      producer.commitTransaction();
      awaitRead(sent.get());
    } finally {
      producer.close(Duration.ZERO);
    }
  }

  private void awaitRead(RecordMetadata appended) throws InterruptedException {
    var partition = new TopicPartition(appended.topic(), appended.partition());
    if (!settingsFollower.awaitRead(partition, appended.offset(), TIMEOUT)) {
      throw unknown(new IllegalStateException("The record was not read back within " + TIMEOUT));
    }
  }

  private static Problem unknown(Exception cause) {
    log.warn("The outcome of a change of the gateways' settings is unknown", cause);
    return Problem.unavailable(
        "The change may not have been made. The same request is safe to retry", RETRY_AFTER);
  }
}

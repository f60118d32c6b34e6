package shop.operations.desk;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import shop.common.deadletter.DeadLetter;
import shop.common.kafka.Topics;
import shop.operations.Letter;

/** The records of {@code dead-letters} by their place; one read at a time. */
public final class LetterLog implements SmartLifecycle {

  private static final Duration POLL = Duration.ofMillis(200);

  private final Map<String, Object> settings;
  private final Duration timeout;
  private final ReentrantLock turn = new ReentrantLock(true);
  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;

  LetterLog(Map<String, Object> settings, Duration timeout) {
    this.settings = new HashMap<>(settings);
    this.settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    this.settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "letters");
    this.settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    this.settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 64 << 10);
    this.timeout = timeout;
  }

  /**
   * Reads a dead letter with its bytes.
   *
   * @throws LetterUnreadable if the log does not give it in time
   */
  public DeadLetter read(Letter.Place place) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      if (!turn.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new LetterUnreadable(place);
      }
      try {
        return Stored.letter(read(place, deadline));
      } finally {
        turn.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LetterUnreadable(place);
    }
  }

  private ConsumerRecord<byte[], byte[]> read(Letter.Place place, long deadline) {
    var reader = consumer;
    if (reader == null) {
      throw new LetterUnreadable(place);
    }
    var partition = new TopicPartition(Topics.DEAD_LETTERS.name(), place.partition());
    reader.assign(List.of(partition));
    reader.seek(partition, place.offset());
    while (System.nanoTime() < deadline) {
      for (var record : reader.poll(POLL)) {
        if (record.offset() != place.offset()) {
          throw new LetterUnreadable(place);
        }
        return record;
      }
    }
    throw new LetterUnreadable(place);
  }

  @Override
  public void start() {
    consumer = new KafkaConsumer<>(settings);
  }

  @Override
  public void stop() {
    turn.lock();
    try {
      var reader = consumer;
      consumer = null;
      if (reader != null) {
        reader.close();
      }
    } finally {
      turn.unlock();
    }
  }

  @Override
  public boolean isRunning() {
    return consumer != null;
  }

  /** After the topics exist, before listeners and the web server. */
  @Override
  public int getPhase() {
    return 0;
  }

  /** The log did not give a dead letter's bytes. */
  public static final class LetterUnreadable extends RuntimeException {
    LetterUnreadable(Letter.Place place) {
      super(
          "Kafka did not give record %d of %s-%d in time"
              .formatted(place.offset(), Topics.DEAD_LETTERS.name(), place.partition()));
    }
  }
}

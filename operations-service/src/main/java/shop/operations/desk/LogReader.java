package shop.operations.desk;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import shop.common.deadletter.DeadLetter;
import shop.common.kafka.Topic;
import shop.common.kafka.Topics;
import shop.common.lifecycle.Phases;
import shop.operations.RecordPosition;

/** Reads records by partition and offset; concurrent reads wait for each other. */
public final class LogReader implements SmartLifecycle {

  private static final Duration POLL = Duration.ofMillis(200);

  /** Larger gaps to the next wanted record are skipped by a seek, smaller ones read; in records. */
  private static final int SEEK_THRESHOLD = 100;

  private final Map<String, Object> settings;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock(true);
  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;

  /**
   * A reader that starts with the application.
   *
   * @param name the Kafka client id
   * @param settings of a byte-array consumer
   * @param fetchBytes the maximum per fetch and partition
   * @param timeout how long a read may go without a wanted record
   */
  LogReader(String name, Map<String, Object> settings, int fetchBytes, Duration timeout) {
    this.settings = new HashMap<>(settings);
    this.settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    this.settings.put(ConsumerConfig.CLIENT_ID_CONFIG, name);
    this.settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, fetchBytes);
    this.settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20);
    this.timeout = timeout;
  }

  /**
   * Reads a dead letter with its key, headers and body.
   *
   * @throws LogUnreadable if Kafka does not return the record in time
   */
  public DeadLetter deadLetter(RecordPosition position) {
    return DeadLetterRecords.parse(read(Topics.DEAD_LETTERS, position));
  }

  /**
   * Reads the body that replaces the original in an edit.
   *
   * @throws LogUnreadable if Kafka does not return the record in time
   */
  public byte[] editedBody(RecordPosition position) {
    return Actions.editedBody(read(Topics.DEAD_LETTER_ACTIONS, position));
  }

  /**
   * Reads dead letters, those of each partition in order.
   *
   * @throws LogUnreadable if Kafka does not return the records in time
   */
  public void deadLetters(Collection<RecordPosition> positions, DeadLetterSink sink) {
    read(
        Topics.DEAD_LETTERS,
        positions,
        record ->
            sink.accept(
                new RecordPosition(record.partition(), record.offset()),
                DeadLetterRecords.parse(record)));
  }

  /** Receives the dead letters that were read. */
  @FunctionalInterface
  public interface DeadLetterSink {
    void accept(RecordPosition position, DeadLetter letter);
  }

  private ConsumerRecord<byte[], byte[]> read(Topic topic, RecordPosition position) {
    Deque<ConsumerRecord<byte[], byte[]>> found = new ArrayDeque<>();
    read(topic, List.of(position), found::add);
    return found.element();
  }

  private void read(
      Topic topic,
      Collection<RecordPosition> positions,
      Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    if (positions.isEmpty()) {
      return;
    }
    Map<TopicPartition, Deque<Long>> wanted = new HashMap<>();
    positions.stream()
        .sorted(Comparator.comparingLong(RecordPosition::offset))
        .forEach(position ->
            wanted
                .computeIfAbsent(
                    new TopicPartition(topic.name(), position.partition()), _ -> new ArrayDeque<>())
                .add(position.offset()));
    try {
      if (!lock.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new LogUnreadable(topic);
      }
      try {
        read(topic, wanted, sink);
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnreadable(topic);
    }
  }

  private void read(
      Topic topic,
      Map<TopicPartition, Deque<Long>> wanted,
      Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    var reader = consumer;
    if (reader == null) {
      throw new LogUnreadable(topic);
    }
    reader.assign(wanted.keySet());
    wanted.forEach((partition, offsets) -> reader.seek(partition, offsets.element()));
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!wanted.isEmpty()) {
      var records = reader.poll(POLL);
      for (var partition : records.partitions()) {
        var offsets = wanted.get(partition);
        if (offsets != null && deliver(records.records(partition), offsets, sink)) {
          deadline = System.nanoTime() + timeout.toNanos();
          advance(reader, wanted, partition);
        }
      }
      if (System.nanoTime() > deadline) {
        throw new LogUnreadable(topic);
      }
    }
  }

  /** Passes the wanted records to the sink; true if there was one. */
  private static boolean deliver(
      List<ConsumerRecord<byte[], byte[]>> records,
      Deque<Long> offsets,
      Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    boolean delivered = false;
    for (var record : records) {
      if (!offsets.isEmpty() && record.offset() == offsets.element()) {
        sink.accept(record);
        offsets.remove();
        delivered = true;
      }
    }
    return delivered;
  }

  private static void advance(
      KafkaConsumer<byte[], byte[]> reader,
      Map<TopicPartition, Deque<Long>> wanted,
      TopicPartition partition) {
    var offsets = wanted.getOrDefault(partition, new ArrayDeque<>());
    if (offsets.isEmpty()) {
      wanted.remove(partition);
      reader.assign(wanted.keySet());
    } else if (offsets.element() > reader.position(partition) + SEEK_THRESHOLD) {
      reader.seek(partition, offsets.element());
    }
  }

  @Override
  public void start() {
    consumer = new KafkaConsumer<>(settings);
  }

  @Override
  public void stop() {
    lock.lock();
    try {
      var reader = consumer;
      consumer = null;
      if (reader != null) {
        reader.close();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isRunning() {
    return consumer != null;
  }

  @Override
  public int getPhase() {
    return Phases.FOLLOWERS;
  }

  /** Kafka did not return existing records in time. */
  public static final class LogUnreadable extends RuntimeException {
    LogUnreadable(Topic topic) {
      super("Kafka did not return the requested records of " + topic.name() + " in time");
    }
  }
}

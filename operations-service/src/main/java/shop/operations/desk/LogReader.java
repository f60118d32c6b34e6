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

/** Reads records by their places, one reading at a time. */
public final class LogReader implements SmartLifecycle {

  private static final Duration POLL = Duration.ofMillis(200);

  /** What lies closer is read through, what lies further is jumped over, in records. */
  private static final int NEAR = 100;

  private final Map<String, Object> settings;
  private final Duration timeout;
  private final ReentrantLock turn = new ReentrantLock(true);
  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;

  /**
   * A reader that starts with the application.
   *
   * @param name of its client at the broker
   * @param settings of a consumer of bytes
   * @param fetch how much is asked of a partition at once, in bytes
   * @param timeout how long the log may give nothing
   */
  LogReader(String name, Map<String, Object> settings, int fetch, Duration timeout) {
    this.settings = new HashMap<>(settings);
    this.settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    this.settings.put(ConsumerConfig.CLIENT_ID_CONFIG, name);
    this.settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, fetch);
    this.settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20);
    this.timeout = timeout;
  }

  /**
   * Reads a dead letter with its bytes.
   *
   * @throws LogUnreadable if the log does not give it in time
   */
  public DeadLetter letter(RecordPosition place) {
    return DeadLetterRecords.letter(read(Topics.DEAD_LETTERS, place));
  }

  /**
   * Reads the bytes that an edit put in the place of the original's.
   *
   * @throws LogUnreadable if the log does not give them in time
   */
  public byte[] editedBody(RecordPosition place) {
    return Actions.editedBody(read(Topics.DEAD_LETTER_ACTIONS, place));
  }

  /**
   * Reads dead letters, those of a partition in order.
   *
   * @throws LogUnreadable if the log does not give them in time
   */
  public void letters(Collection<RecordPosition> places, LetterSink sink) {
    read(
        Topics.DEAD_LETTERS,
        places,
        record ->
            sink.on(
                new RecordPosition(record.partition(), record.offset()),
                DeadLetterRecords.letter(record)));
  }

  /** Takes a dead letter that was read. */
  @FunctionalInterface
  public interface LetterSink {
    void on(RecordPosition place, DeadLetter letter);
  }

  private ConsumerRecord<byte[], byte[]> read(Topic topic, RecordPosition place) {
    Deque<ConsumerRecord<byte[], byte[]>> found = new ArrayDeque<>();
    read(topic, List.of(place), found::add);
    return found.element();
  }

  private void read(
      Topic topic,
      Collection<RecordPosition> places,
      Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    if (places.isEmpty()) {
      return;
    }
    Map<TopicPartition, Deque<Long>> wanted = new HashMap<>();
    places.stream()
        .sorted(Comparator.comparingLong(RecordPosition::offset))
        .forEach(place ->
            wanted
                .computeIfAbsent(
                    new TopicPartition(topic.name(), place.partition()), _ -> new ArrayDeque<>())
                .add(place.offset()));
    try {
      if (!turn.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new LogUnreadable(topic);
      }
      try {
        read(topic, wanted, sink);
      } finally {
        turn.unlock();
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
        if (offsets != null && take(records.records(partition), offsets, sink)) {
          deadline = System.nanoTime() + timeout.toNanos();
          proceed(reader, wanted, partition);
        }
      }
      if (System.nanoTime() > deadline) {
        throw new LogUnreadable(topic);
      }
    }
  }

  /** Whether any of them was wanted. */
  private static boolean take(
      List<ConsumerRecord<byte[], byte[]>> records,
      Deque<Long> offsets,
      Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    boolean any = false;
    for (var record : records) {
      if (!offsets.isEmpty() && record.offset() == offsets.element()) {
        sink.accept(record);
        offsets.remove();
        any = true;
      }
    }
    return any;
  }

  private static void proceed(
      KafkaConsumer<byte[], byte[]> reader,
      Map<TopicPartition, Deque<Long>> wanted,
      TopicPartition partition) {
    var offsets = wanted.getOrDefault(partition, new ArrayDeque<>());
    if (offsets.isEmpty()) {
      wanted.remove(partition);
      reader.assign(wanted.keySet());
    } else if (offsets.element() > reader.position(partition) + NEAR) {
      reader.seek(partition, offsets.element());
    }
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

  @Override
  public int getPhase() {
    return Phases.FOLLOWERS;
  }

  /** The log did not give records that must be there. */
  public static final class LogUnreadable extends RuntimeException {
    LogUnreadable(Topic topic) {
      super("Kafka did not give records of " + topic.name() + " in time");
    }
  }
}

package shop.common.kafka;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import shop.common.lifecycle.Phases;

/**
 * Reads all partitions of topics without a consumer group, from the first record, from the end, or
 * from chosen offsets on, and follows them: for data that every instance needs, or as soon as it is
 * written. One thread passes the records of each partition to the sink in order. If the sink
 * throws, the follower stops and marks the service as not live.
 */
public final class TopicFollower implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);
  private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);

  private final String name;
  private final Map<String, Object> settings;
  private final Collection<TopicPartition> partitions;
  private final Consumer<ConsumerRecord<byte[], byte[]>> sink;
  private final ApplicationEventPublisher events;
  private final Start start;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition advanced = lock.newCondition();
  private final Map<TopicPartition, Long> nextOffsets = new HashMap<>();
  private volatile boolean caughtUp;
  private volatile boolean running;
  private final LogEnds ends;
  private @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private @Nullable Thread thread;

  /** Where a follower begins. */
  @FunctionalInterface
  public interface Start {

    /**
     * Seeks the first record of each partition to read. It is repeated while the brokers cannot be
     * reached.
     */
    void seek(
        org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> reader,
        Collection<TopicPartition> partitions);
  }

  /** A follower that skips the records that exist when it starts. */
  public static TopicFollower fromEnd(
      String name,
      Map<String, Object> settings,
      Collection<Topic> topics,
      Consumer<ConsumerRecord<byte[], byte[]>> sink,
      ApplicationEventPublisher events) {
    return new TopicFollower(
        name, settings, topics, sink, events, (reader, all) -> reader.seekToEnd(all));
  }

  /** A follower that chooses where it begins when it starts. */
  public static TopicFollower from(
      Start start,
      String name,
      Map<String, Object> settings,
      Collection<Topic> topics,
      Consumer<ConsumerRecord<byte[], byte[]>> sink,
      ApplicationEventPublisher events) {
    return new TopicFollower(name, settings, topics, sink, events, start);
  }

  /**
   * A follower that reads from the first record. It starts with the application.
   *
   * @param name of its thread, also its client id
   * @param settings of a consumer with byte array deserializers
   * @param sink receives every record, on the follower's thread
   */
  public TopicFollower(
      String name,
      Map<String, Object> settings,
      Collection<Topic> topics,
      Consumer<ConsumerRecord<byte[], byte[]>> sink,
      ApplicationEventPublisher events) {
    this(name, settings, topics, sink, events, (reader, all) -> reader.seekToBeginning(all));
  }

  private TopicFollower(
      String name,
      Map<String, Object> settings,
      Collection<Topic> topics,
      Consumer<ConsumerRecord<byte[], byte[]>> sink,
      ApplicationEventPublisher events,
      Start start) {
    this.name = name;
    this.settings = new HashMap<>(settings);
    this.settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    this.settings.put(ConsumerConfig.CLIENT_ID_CONFIG, name);
    this.settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20);
    this.ends = new LogEnds(this.settings, topics);
    this.partitions = ends.partitions();
    this.sink = sink;
    this.events = events;
    this.start = start;
  }

  /** True after all records that existed at the start have been read. */
  public boolean caughtUp() {
    return caughtUp;
  }

  /** Waits until all records that existed at the start have been read. */
  public void awaitCaughtUp() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!caughtUp) {
        advanced.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the sink has received a record.
   *
   * @return false if it has not within the timeout
   */
  public boolean awaitRead(TopicPartition partition, long offset, Duration timeout)
      throws InterruptedException {
    long remaining = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (nextOffsets.getOrDefault(partition, 0L) <= offset) {
        if (remaining <= 0) {
          return false;
        }
        remaining = advanced.awaitNanos(remaining);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the sink has received every record that is in the topics at the time of the call,
   * including those of open transactions. Queries the end offsets, because an empty poll does not
   * prove that the end is reached.
   *
   * @return false if it has not within the timeout, or the end offsets cannot be queried
   */
  public boolean awaitCurrentEnd(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      for (var end : ends.query(timeout).entrySet()) {
        var remaining = Duration.ofNanos(deadline - System.nanoTime());
        if (!awaitRead(end.getKey(), end.getValue() - 1, remaining)) {
          return false;
        }
      }
      return true;
    } catch (ExecutionException | TimeoutException e) {
      log.debug("Follower {} cannot query the end offsets of its topics", name, e);
      return false;
    }
  }

  @Override
  public void start() {
    var reader = new KafkaConsumer<byte[], byte[]>(settings);
    caughtUp = false;
    running = true;
    consumer = reader;
    thread = Thread.ofPlatform().daemon().name(name).start(() -> run(reader));
  }

  private void run(KafkaConsumer<byte[], byte[]> reader) {
    try (reader) {
      reader.assign(partitions);
      seek(reader);
      readToEnd(reader);
      log.info("Follower {} has read its topics to the end", name);
      while (running) {
        poll(reader);
      }
    } catch (WakeupException e) {
      log.debug("Follower {} was stopped", name, e);
    } catch (Throwable e) {
      log.error("Follower {} failed; the service must be restarted", name, e);
      AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
    }
  }

  /** After a restart it continues where it stopped: the sink has had the records before that. */
  private void seek(KafkaConsumer<byte[], byte[]> reader) {
    var unread = partitions.stream().filter(one -> !nextOffsets.containsKey(one)).toList();
    boolean sought = unread.isEmpty();
    while (!sought) {
      try {
        start.seek(reader, unread);
        sought = true;
      } catch (RetriableException e) {
        log.warn("Follower {} cannot reach the brokers; retrying: {}", name, e.toString());
      }
    }
    nextOffsets.forEach(reader::seek);
  }

  private void readToEnd(KafkaConsumer<byte[], byte[]> reader) {
    @Nullable Map<TopicPartition, Long> ends = null;
    while (!caughtUp) {
      try {
        if (ends == null) {
          ends = reader.endOffsets(partitions);
        }
        if (isAt(reader, ends)) {
          markCaughtUp(reader);
        } else {
          poll(reader);
        }
      } catch (RetriableException e) {
        log.warn("Follower {} cannot reach the brokers; retrying: {}", name, e.toString());
      }
    }
  }

  /** Also sets the offsets of partitions that are empty or whose records have been deleted. */
  private void markCaughtUp(KafkaConsumer<byte[], byte[]> reader) {
    var positions = partitions.stream().collect(toMap(identity(), reader::position));
    lock.lock();
    try {
      nextOffsets.putAll(positions);
      caughtUp = true;
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static boolean isAt(
      KafkaConsumer<byte[], byte[]> reader, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> reader.position(end.getKey()) >= end.getValue());
  }

  private void poll(KafkaConsumer<byte[], byte[]> reader) {
    var records = reader.poll(POLL_TIMEOUT);
    records.forEach(sink);
    lock.lock();
    try {
      records
          .nextOffsets()
          .forEach((partition, position) -> nextOffsets.put(partition, position.offset()));
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void stop() {
    running = false;
    if (consumer != null && thread != null) {
      consumer.wakeup();
      try {
        thread.join(TimeUnit.SECONDS.toMillis(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    ends.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return Phases.FOLLOWERS;
  }
}

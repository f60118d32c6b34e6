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
 * Reads topics from their first record, or from now on, and follows them, all partitions, without a
 * group: what an instance must know whole, or as soon as it happens. Records of a partition come in
 * order, on one thread. A failing sink ends it and breaks the service's liveness.
 */
public final class TopicFollower implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final String name;
  private final Map<String, Object> settings;
  private final Collection<TopicPartition> partitions;
  private final Consumer<ConsumerRecord<byte[], byte[]>> sink;
  private final ApplicationEventPublisher events;
  private final boolean fromEnd;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Map<TopicPartition, Long> next = new HashMap<>();
  private volatile boolean caughtUp;
  private volatile boolean running;
  private final LogEnds ends;
  private @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private @Nullable Thread thread;

  /** A follower of what is appended from its start on. */
  public static TopicFollower fromEnd(
      String name,
      Map<String, Object> settings,
      Collection<Topic> topics,
      Consumer<ConsumerRecord<byte[], byte[]>> sink,
      ApplicationEventPublisher events) {
    return new TopicFollower(name, settings, topics, sink, events, true);
  }

  /**
   * A follower that starts with the application.
   *
   * @param name of its thread and of its client at the broker
   * @param settings of a consumer of bytes
   * @param sink takes every record, on the follower's thread
   */
  public TopicFollower(
      String name,
      Map<String, Object> settings,
      Collection<Topic> topics,
      Consumer<ConsumerRecord<byte[], byte[]>> sink,
      ApplicationEventPublisher events) {
    this(name, settings, topics, sink, events, false);
  }

  private TopicFollower(
      String name,
      Map<String, Object> settings,
      Collection<Topic> topics,
      Consumer<ConsumerRecord<byte[], byte[]>> sink,
      ApplicationEventPublisher events,
      boolean fromEnd) {
    this.name = name;
    this.settings = new HashMap<>(settings);
    this.settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    this.settings.put(ConsumerConfig.CLIENT_ID_CONFIG, name);
    this.settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20);
    this.ends = new LogEnds(settings, topics);
    this.partitions = ends.partitions();
    this.sink = sink;
    this.events = events;
    this.fromEnd = fromEnd;
  }

  /** True once everything was read that was there at the start. */
  public boolean caughtUp() {
    return caughtUp;
  }

  /** Waits until everything was read that was there at the start. */
  public void awaitCaughtUp() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!caughtUp) {
        moved.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the sink has had a record.
   *
   * @return false if it had not within the time
   */
  public boolean awaitRead(TopicPartition partition, long offset, Duration time)
      throws InterruptedException {
    long left = time.toNanos();
    lock.lockInterruptibly();
    try {
      while (next.getOrDefault(partition, 0L) <= offset) {
        if (left <= 0) {
          return false;
        }
        left = moved.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the sink has had all that was in the topics when this was asked, also what open
   * transactions hide: an empty poll proves nothing.
   *
   * @return false if it had not within the time, or the brokers did not say how far the topics go
   */
  public boolean awaitCurrentEnd(Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    try {
      for (var end : ends.query(time).entrySet()) {
        var left = Duration.ofNanos(deadline - System.nanoTime());
        if (!awaitRead(end.getKey(), end.getValue() - 1, left)) {
          return false;
        }
      }
      return true;
    } catch (ExecutionException | TimeoutException e) {
      log.debug("The brokers do not say how far the topics of {} go", name, e);
      return false;
    }
  }

  @Override
  public void start() {
    var reader = new KafkaConsumer<byte[], byte[]>(settings);
    running = true;
    consumer = reader;
    thread = Thread.ofPlatform().daemon().name(name).start(() -> run(reader));
  }

  private void run(KafkaConsumer<byte[], byte[]> reader) {
    try (reader) {
      reader.assign(partitions);
      if (fromEnd) {
        reader.seekToEnd(partitions);
      } else {
        reader.seekToBeginning(partitions);
      }
      readToEnd(reader);
      log.info("{} has read its topics to the end", name);
      while (running) {
        readOn(reader);
      }
    } catch (WakeupException e) {
      log.debug("{} was stopped", name, e);
    } catch (Throwable e) {
      log.error("{} died; the service must be restarted", name, e);
      AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
    }
  }

  private void readToEnd(KafkaConsumer<byte[], byte[]> reader) {
    @Nullable Map<TopicPartition, Long> ends = null;
    while (!caughtUp) {
      try {
        if (ends == null) {
          ends = reader.endOffsets(partitions);
        }
        if (isAt(reader, ends)) {
          arrive(reader);
        } else {
          readOn(reader);
        }
      } catch (RetriableException e) {
        log.warn("{} waits for the brokers: {}", name, e.toString());
      }
    }
  }

  /** Also names the positions in partitions that hold nothing, or nothing any more. */
  private void arrive(KafkaConsumer<byte[], byte[]> reader) {
    var positions = partitions.stream().collect(toMap(identity(), reader::position));
    lock.lock();
    try {
      next.putAll(positions);
      caughtUp = true;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static boolean isAt(
      KafkaConsumer<byte[], byte[]> reader, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> reader.position(end.getKey()) >= end.getValue());
  }

  private void readOn(KafkaConsumer<byte[], byte[]> reader) {
    var records = reader.poll(POLL);
    records.forEach(sink);
    lock.lock();
    try {
      records
          .nextOffsets()
          .forEach((partition, position) -> next.put(partition, position.offset()));
      moved.signalAll();
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

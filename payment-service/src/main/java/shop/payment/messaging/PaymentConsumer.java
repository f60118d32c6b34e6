package shop.payment.messaging;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;
import shop.common.lifecycle.Phases;
import shop.payment.PaymentProvider;

/**
 * Consumes order events and processes many records at once, each on its own virtual thread. One
 * thread polls continuously, so a slow call neither blocks other orders nor causes a rebalance.
 * Partitions are paused while all slots are in use, while the partition has too many uncommitted
 * records, or while the PSP is unavailable. Records may finish in any order, but each must finish,
 * so a partition's offset is committed up to its first unfinished record. Reasons:
 * docs/decisions/0013-payment-consumer.md.
 */
final class PaymentConsumer implements SmartLifecycle {

  static final List<String> TOPICS =
      List.of(
          Topics.ORDERS.name(),
          Topics.PAYMENT_RETRIES.name(),
          Topics.PAYMENT_PENDING.name(),
          Topics.PAYMENT_REDRIVE.name());

  /** Polls of pending results use at most this part of the slots: payments come first. */
  private static final int POLL_SHARE = 8;

  private static final Logger log = LoggerFactory.getLogger(PaymentConsumer.class);
  private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);
  private static final Duration POLL_TIMEOUT_WHEN_FULL = Duration.ofMillis(10);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final PaymentWorker worker;
  private final PaymentProvider provider;
  private final TopicFollower paymentsFollower;
  private final Backoff backoff;
  private final ConsumerSettings settings;
  private final Clock clock;
  private final ApplicationEventPublisher events;

  private final Semaphore slots;
  private final Semaphore pollSlots;
  private final PendingResults pending = new PendingResults();
  private final Set<TopicPartition> assigned = ConcurrentHashMap.newKeySet();
  private final Map<TopicPartition, OffsetTracker> partitions = new ConcurrentHashMap<>();
  private volatile boolean running;
  private volatile boolean ready;
  private @Nullable Thread thread;

  PaymentConsumer(
      Supplier<Consumer<byte[], byte[]>> consumers,
      PaymentWorker worker,
      PaymentProvider provider,
      TopicFollower paymentsFollower,
      Backoff backoff,
      ConsumerSettings settings,
      PaymentMetrics metrics,
      Clock clock,
      ApplicationEventPublisher events) {
    this.consumers = consumers;
    this.worker = worker;
    this.provider = provider;
    this.paymentsFollower = paymentsFollower;
    this.backoff = backoff;
    this.settings = settings;
    this.clock = clock;
    this.events = events;
    this.slots = new Semaphore(settings.maxInFlight(), true);
    this.pollSlots = new Semaphore(Math.max(1, settings.maxInFlight() / POLL_SHARE), true);
    metrics.pending(pending, clock);
    metrics.inFlight(() -> settings.maxInFlight() - slots.availablePermits());
  }

  /** True after the log was read to its end and the group assigned partitions. */
  boolean isReady() {
    return ready;
  }

  /** True for at most one instance of the group, except for a moment during a rebalance. */
  boolean ownsFirstPartition() {
    return assigned.contains(Topics.ORDERS.topicPartitions().getFirst());
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofPlatform().name("payments").start(this::run);
  }

  private void run() {
    try {
      paymentsFollower.awaitCaughtUp();
      while (running) {
        try (var consumer = consumers.get()) {
          consume(consumer);
        } catch (KafkaException | IllegalStateException e) {
          log.warn(
              "Recreating the consumer of orders after a failure; its partitions are reassigned",
              e);
          ready = false;
          assigned.clear();
          dropPartitions(Set.copyOf(partitions.keySet()));
          TimeUnit.NANOSECONDS.sleep(backoff.jittered(settings.outageBackoff()).toNanos());
        }
      }
    } catch (InterruptedException e) {
      log.debug("The consumer of orders was stopped while it waited", e);
    } catch (Throwable e) {
      breakLiveness(e);
    } finally {
      ready = false;
      assigned.clear();
    }
  }

  private void consume(Consumer<byte[], byte[]> consumer) throws InterruptedException {
    consumer.subscribe(TOPICS, new Rebalance(consumer));
    long nextCommit = System.nanoTime();
    while (running) {
      boolean full = throttle(consumer);
      var records = consumer.poll(full ? POLL_TIMEOUT_WHEN_FULL : POLL_TIMEOUT);
      records.forEach(this::startProcessing);
      records
          .nextOffsets()
          .forEach((partition, next) -> tracker(partition).advanceTo(next.offset()));
      if (System.nanoTime() - nextCommit >= 0) {
        commit(consumer, partitions.keySet());
        nextCommit = System.nanoTime() + settings.commitInterval().toNanos();
      }
    }
    release(consumer, Set.copyOf(partitions.keySet()));
  }

  /** Pauses the partitions whose records cannot be processed now, and resumes the others. */
  private boolean throttle(Consumer<byte[], byte[]> consumer) {
    var assignment = consumer.assignment();
    boolean full = slots.hasQueuedThreads();
    var paused = new HashSet<TopicPartition>();
    for (var partition : assignment) {
      @Nullable OffsetTracker tracker = partitions.get(partition);
      if (full
          || !provider.isAvailable()
          || (tracker != null && tracker.span() >= settings.maxUncommitted())) {
        paused.add(partition);
      }
    }
    consumer.resume(assignment);
    consumer.pause(paused);
    return full;
  }

  private void startProcessing(ConsumerRecord<byte[], byte[]> record) {
    var tracker = tracker(new TopicPartition(record.topic(), record.partition()));
    tracker.received(record.offset());
    Thread.startVirtualThread(() -> process(tracker, record));
  }

  /** Waits until the record is due and a slot is free, then attempts it until it is finished. */
  private void process(OffsetTracker tracker, ConsumerRecord<byte[], byte[]> polled) {
    try {
      var record = RetryableRecord.of(polled);
      pending.add(record);
      try {
        process(tracker, polled, record);
      } finally {
        pending.remove(record);
      }
    } catch (Throwable e) {
      breakLiveness(e);
    }
  }

  private void process(
      OffsetTracker tracker, ConsumerRecord<byte[], byte[]> polled, RetryableRecord first)
      throws InterruptedException {
    boolean isPoll = Topics.PAYMENT_PENDING.name().equals(polled.topic());
    @Nullable RetryableRecord record = first;
    var wait = record.waitFrom(clock.instant());
    while (record != null) {
      if (tracker.awaitLost(wait)) {
        return;
      }
      wait = backoff.jittered(settings.outageBackoff());
      if (provider.isAvailable()) {
        acquireSlot(isPoll);
        try {
          if (!tracker.beginWork()) {
            return;
          }
          boolean finished = false;
          try {
            record = worker.handle(record);
            finished = record == null;
          } finally {
            tracker.endWork(polled.offset(), finished);
          }
        } finally {
          releaseSlot(isPoll);
        }
      }
    }
  }

  private void acquireSlot(boolean isPoll) throws InterruptedException {
    if (isPoll) {
      pollSlots.acquire();
    }
    slots.acquire();
  }

  private void releaseSlot(boolean isPoll) {
    slots.release();
    if (isPoll) {
      pollSlots.release();
    }
  }

  private void commit(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> toCommit) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (var partition : toCommit) {
      @Nullable OffsetTracker tracker = partitions.get(partition);
      if (tracker != null) {
        tracker
            .committable()
            .ifPresent(offset -> offsets.put(partition, new OffsetAndMetadata(offset)));
      }
    }
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets, settings.commitTimeout());
      offsets.forEach((partition, offset) -> {
        @Nullable OffsetTracker tracker = partitions.get(partition);
        if (tracker != null) {
          tracker.committed(offset.offset());
        }
      });
    } catch (KafkaException e) {
      // The next commit covers these offsets; reading a record twice is harmless.
      log.warn(
          "Offsets {} were not committed; the next commit includes them: {}",
          offsets,
          e.toString());
    }
  }

  /** Lets work in progress on revoked partitions finish, commits it and drops the partitions. */
  private void release(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> revoked) {
    try {
      long deadline = System.nanoTime() + settings.drainTimeout().toNanos();
      revoked.forEach(partition -> tracker(partition).markLost());
      for (var partition : revoked) {
        tracker(partition).awaitIdle(deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    commit(consumer, revoked);
    dropPartitions(revoked);
  }

  private void dropPartitions(Collection<TopicPartition> dropped) {
    for (var partition : dropped) {
      tracker(partition).markLost();
      partitions.remove(partition);
    }
  }

  private OffsetTracker tracker(TopicPartition partition) {
    return partitions.computeIfAbsent(partition, _ -> new OffsetTracker());
  }

  private void breakLiveness(Throwable e) {
    log.error(
        "The consumer of orders failed; liveness is now BROKEN and the service must be restarted",
        e);
    AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
  }

  @Override
  public void stop() {
    running = false;
    if (thread != null) {
      try {
        if (!ready) {
          thread.interrupt();
        }
        thread.join(settings.drainTimeout().plusSeconds(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return Phases.CONSUMERS;
  }

  private final class Rebalance implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> consumer;

    Rebalance(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> more) {
      log.info("{} more partitions were assigned", more.size());
      assigned.addAll(more);
      ready = true;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      assigned.removeAll(revoked);
      release(consumer, revoked);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      assigned.removeAll(lost);
      dropPartitions(lost);
    }
  }
}

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
 * Takes records as they come and works on many at once, each on its own virtual thread. One thread
 * polls, and never stops polling: a slow call blocks no other order and costs no partition. What
 * cannot be worked on now is paused, not fetched: while all slots are taken, while a partition has
 * too much uncommitted, while the PSP serves nobody. The order of records does not matter; that
 * each reaches its end does, so offsets are committed only up to the first that has not.
 */
final class PaymentConsumer implements SmartLifecycle {

  static final List<String> TOPICS =
      List.of(Topics.ORDERS.name(), Topics.PAYMENT_RETRIES.name(), Topics.PAYMENT_REDRIVE.name());

  private static final Logger LOG = LoggerFactory.getLogger(PaymentConsumer.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration POLL_WHEN_FULL = Duration.ofMillis(10);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final PaymentWorker worker;
  private final PaymentProvider provider;
  private final TopicFollower log;
  private final Backoff backoff;
  private final ConsumerSettings settings;
  private final Clock clock;
  private final ApplicationEventPublisher events;

  private final Semaphore slots;
  private final Map<TopicPartition, OffsetTracker> partitions = new ConcurrentHashMap<>();
  private volatile boolean running;
  private volatile boolean ready;
  private @Nullable Thread thread;

  PaymentConsumer(
      Supplier<Consumer<byte[], byte[]>> consumers,
      PaymentWorker worker,
      PaymentProvider provider,
      TopicFollower log,
      Backoff backoff,
      ConsumerSettings settings,
      PaymentMetrics metrics,
      Clock clock,
      ApplicationEventPublisher events) {
    this.consumers = consumers;
    this.worker = worker;
    this.provider = provider;
    this.log = log;
    this.backoff = backoff;
    this.settings = settings;
    this.clock = clock;
    this.events = events;
    this.slots = new Semaphore(settings.maxInFlight(), true);
    metrics.inFlight(() -> settings.maxInFlight() - slots.availablePermits());
  }

  /** True while orders are taken: the log was read to its end, and the group has let it in. */
  boolean isReady() {
    return ready;
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofPlatform().name("payments").start(this::run);
  }

  private void run() {
    try {
      log.awaitCaughtUp();
      while (running) {
        try (var consumer = consumers.get()) {
          consume(consumer);
        } catch (KafkaException | IllegalStateException e) {
          LOG.warn("The consumer failed and is made anew", e);
          lose(Set.copyOf(partitions.keySet()));
          TimeUnit.NANOSECONDS.sleep(backoff.jittered(settings.pause()).toNanos());
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("Stopped while waiting", e);
    } catch (Throwable e) {
      broken(e);
    } finally {
      ready = false;
    }
  }

  private void consume(Consumer<byte[], byte[]> consumer) throws InterruptedException {
    consumer.subscribe(TOPICS, new Rebalance(consumer));
    long nextCommit = System.nanoTime();
    while (running) {
      boolean full = throttle(consumer);
      var records = consumer.poll(full ? POLL_WHEN_FULL : POLL);
      records.forEach(this::take);
      records.nextOffsets().forEach((partition, next) -> on(partition).read(next.offset()));
      if (System.nanoTime() - nextCommit >= 0) {
        commit(consumer, partitions.keySet());
        nextCommit = System.nanoTime() + settings.commitInterval().toNanos();
      }
    }
    release(consumer, Set.copyOf(partitions.keySet()));
  }

  /** Fetches from those partitions only whose records can be worked on. */
  private boolean throttle(Consumer<byte[], byte[]> consumer) {
    var assigned = consumer.assignment();
    boolean full = slots.hasQueuedThreads();
    var paused = new HashSet<TopicPartition>();
    for (var partition : assigned) {
      @Nullable OffsetTracker progress = partitions.get(partition);
      if (full
          || !provider.isAvailable()
          || (progress != null && progress.span() >= settings.maxUncommitted())) {
        paused.add(partition);
      }
    }
    consumer.resume(assigned);
    consumer.pause(paused);
    return full;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    var progress = on(new TopicPartition(record.topic(), record.partition()));
    progress.taken(record.offset());
    Thread.startVirtualThread(() -> process(progress, record));
  }

  /** The life of a record in hand: wait until it is due and there is a slot, try, perhaps again. */
  private void process(OffsetTracker partition, ConsumerRecord<byte[], byte[]> record) {
    try {
      @Nullable Delivery delivery = Delivery.of(record);
      var wait = Duration.between(clock.instant(), delivery.due());
      while (delivery != null) {
        if (partition.lostWithin(wait)) {
          return;
        }
        wait = backoff.jittered(settings.pause());
        if (provider.isAvailable()) {
          slots.acquire();
          try {
            if (!partition.begin()) {
              return;
            }
            boolean done = false;
            try {
              delivery = worker.handle(delivery);
              done = delivery == null;
            } finally {
              partition.end(record.offset(), done);
            }
          } finally {
            slots.release();
          }
        }
      }
    } catch (Throwable e) {
      broken(e);
    }
  }

  private void commit(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> which) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (var partition : which) {
      @Nullable OffsetTracker progress = partitions.get(partition);
      if (progress != null) {
        progress
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
        @Nullable OffsetTracker progress = partitions.get(partition);
        if (progress != null) {
          progress.committed(offset.offset());
        }
      });
    } catch (KafkaException e) {
      // They stay uncommitted and are committed with the next; read twice, they do no harm.
      LOG.warn("Offsets were not committed: {}", e.toString());
    }
  }

  /** Lets go of partitions in good order: what is under way may end and is committed. */
  private void release(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> which) {
    try {
      long deadline = System.nanoTime() + settings.drain().toNanos();
      which.forEach(partition -> on(partition).lose());
      for (var partition : which) {
        on(partition).awaitIdle(deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    commit(consumer, which);
    lose(which);
  }

  private void lose(Collection<TopicPartition> which) {
    for (var partition : which) {
      on(partition).lose();
      partitions.remove(partition);
    }
  }

  private OffsetTracker on(TopicPartition partition) {
    return partitions.computeIfAbsent(partition, _ -> new OffsetTracker());
  }

  private void broken(Throwable e) {
    LOG.error("The consumer of orders died; the service must be restarted", e);
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
        thread.join(settings.drain().plusSeconds(2));
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
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      LOG.info("Takes {} more partitions", assigned.size());
      ready = true;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      release(consumer, revoked);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> gone) {
      lose(gone);
    }
  }
}

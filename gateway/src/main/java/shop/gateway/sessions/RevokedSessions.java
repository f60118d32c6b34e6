package shop.gateway.sessions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.LogEnds;
import shop.common.kafka.Topics;
import shop.common.lifecycle.Phases;

/**
 * Deletes revoked sessions from Redis: those that are revoked from now on, and for each run of
 * Redis all of the topic revocations, because a Redis that was restarted may hold sessions again
 * that had been deleted. Then it notes the run under {@link #CHECKED_KEY}; without that note, which
 * is lost with the rest if Redis is emptied, no session is refreshed.
 */
@Component
final class RevokedSessions implements SmartLifecycle {

  /** Holds the {@code run_id} of the Redis that holds no revoked session. */
  static final String CHECKED_KEY = "sessions-checked";

  private static final Logger log = LoggerFactory.getLogger(RevokedSessions.class);
  private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);
  private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration RETRY_DELAY = Duration.ofMillis(500);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final Map<String, Object> consumer;
  private final SessionStore store;
  private final StringRedisTemplate redis;
  private final LogEnds ends;
  private volatile boolean running;
  private @Nullable KafkaConsumer<byte[], byte[]> reader;
  private @Nullable Thread thread;

  // Of the thread.
  private @Nullable String run;
  private Map<TopicPartition, Long> unread = Map.of();
  private boolean failing;

  RevokedSessions(KafkaProperties kafka, SessionStore store, StringRedisTemplate redis) {
    this.consumer = new HashMap<>(kafka.buildConsumerProperties());
    this.consumer.remove(ConsumerConfig.GROUP_ID_CONFIG);
    this.consumer.put(ConsumerConfig.CLIENT_ID_CONFIG, "gateway-revoked-sessions");
    this.store = store;
    this.redis = redis;
    this.ends = new LogEnds(consumer, List.of(Topics.REVOCATIONS));
  }

  @Override
  public void start() {
    var created = new KafkaConsumer<byte[], byte[]>(consumer);
    reader = created;
    running = true;
    thread = Thread.ofPlatform().daemon().name("revoked-sessions").start(() -> run(created));
  }

  private void run(KafkaConsumer<byte[], byte[]> revocations) {
    try (revocations) {
      revocations.assign(ends.partitions());
      while (running) {
        attempt(revocations);
      }
    } catch (WakeupException | InterruptedException e) {
      log.debug("Stopped deleting revoked sessions", e);
    }
  }

  private void attempt(KafkaConsumer<byte[], byte[]> revocations) throws InterruptedException {
    try {
      step(revocations);
      if (failing) {
        log.info("Revoked sessions are deleted from Redis again");
        failing = false;
      }
    } catch (WakeupException e) {
      throw e;
    } catch (RuntimeException | ExecutionException | TimeoutException e) {
      // What was deleted is unknown, so everything is read again.
      run = null;
      if (running && !failing) {
        log.warn("Revoked sessions cannot be deleted from Redis; trying again: {}", e.toString());
        failing = true;
      }
      TimeUnit.NANOSECONDS.sleep(RETRY_DELAY.toNanos());
    }
  }

  private void step(KafkaConsumer<byte[], byte[]> revocations)
      throws InterruptedException, ExecutionException, TimeoutException {
    String current = currentRun();
    boolean noted = current.equals(redis.opsForValue().get(CHECKED_KEY));
    if (!current.equals(run) || (unread.isEmpty() && !noted)) {
      unread = ends.query(KAFKA_TIMEOUT);
      revocations.seekToBeginning(ends.partitions());
      run = current;
    }
    var records = revocations.poll(POLL_TIMEOUT);
    List<SessionRevoked> revoked = new ArrayList<>();
    records.forEach(record -> add(record, revoked));
    if (!revoked.isEmpty()) {
      store.delete(revoked);
    }
    if (!unread.isEmpty() && isRead(revocations)) {
      // After a restart of Redis in between this is the id of its previous run, and has no effect.
      redis.opsForValue().set(CHECKED_KEY, current);
      unread = Map.of();
      log.info("Redis holds no revoked session");
    }
  }

  private boolean isRead(KafkaConsumer<byte[], byte[]> revocations) {
    return unread.entrySet().stream()
        .allMatch(end -> revocations.position(end.getKey(), KAFKA_TIMEOUT) >= end.getValue());
  }

  /** Records that cannot be read are dead letters of the gateways' revocations in memory. */
  private static void add(ConsumerRecord<byte[], byte[]> record, List<SessionRevoked> revoked) {
    try {
      if (Envelope.of(record.headers()).type().equals(SessionRevoked.TYPE)) {
        revoked.add(Json.read(record.value(), SessionRevoked.class));
      }
    } catch (RuntimeException e) {
      log.debug("Record {} of revocations cannot be read", record.offset(), e);
    }
  }

  private String currentRun() {
    @Nullable Properties info =
        redis.execute(
            (RedisCallback<Properties>) connection -> connection.serverCommands().info("server"));
    @Nullable String id = info == null ? null : info.getProperty("run_id");
    if (id == null) {
      throw new IllegalStateException("Redis reports no run_id");
    }
    return id;
  }

  @Override
  public void stop() {
    running = false;
    if (reader != null && thread != null) {
      reader.wakeup();
      thread.interrupt();
      try {
        thread.join(STOP_TIMEOUT);
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

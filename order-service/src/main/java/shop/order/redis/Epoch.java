package shop.order.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.FlushMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Decides whether requests may write to Redis. They may while Redis has the epoch that was begun on
 * its current run, after all of the log was applied; a Redis that was emptied, restarted or
 * replaced has no such epoch. See docs/decisions/0010 and 0022.
 */
@Component
public class Epoch {

  /**
   * Redis writes its append-only file to disk once a second; a slow disk delays that by another.
   */
  private static final Duration UNTIL_ON_DISK = Duration.ofSeconds(2);

  private final Redis redis;
  private final LongSupplier nanoTime;
  private final String instance = UUID.randomUUID().toString();
  private @Nullable Registration registration;

  @Autowired
  Epoch(Redis redis) {
    this(redis, System::nanoTime);
  }

  Epoch(Redis redis, LongSupplier nanoTime) {
    this.redis = redis;
    this.nanoTime = nanoTime;
  }

  /** This instance as a writer in an epoch. */
  private record Registration(String epoch, long nanos) {}

  /** The epoch that Redis has. */
  public sealed interface EpochState {

    /** The epoch was begun on the current run of Redis: requests may write. */
    record Open() implements EpochState {}

    /** The same, but Redis may still lose, in a crash, that this instance writes. */
    record Registering() implements EpochState {}

    /**
     * There is no epoch of the current run.
     *
     * @param restarted whether there is one of another run: Redis was restarted or replaced;
     *     otherwise it was emptied, closed because it was full, or is new
     * @param mark identifies this state: a Redis that is emptied or restarted again gets another
     */
    record Closed(boolean restarted, String mark) implements EpochState {}
  }

  /**
   * Reads the epoch from Redis, and admits or rejects writes of requests accordingly.
   *
   * @throws RedisUnavailable if Redis is unavailable
   */
  public EpochState check() {
    var link = redis.connect();
    byte @Nullable [] stored = redis.await(redis.commands().get(Redis.bytes(Keys.EPOCH)));
    if (stored == null || !link.hasBegun(stored)) {
      redis.closeForWrites();
      String mark = mark(link.runId());
      // Without a mark, another instance has opened Redis in between.
      return mark.isEmpty() ? check() : new EpochState.Closed(stored != null, mark);
    }
    String epoch = new String(stored, UTF_8);
    if (!redis.isOpen()) {
      if (!isRegisteredOnDisk(epoch)) {
        return new EpochState.Registering();
      }
      redis.openForWrites(epoch);
    }
    return new EpochState.Open();
  }

  /** The mark of a Redis that is not open; empty if it is open by now. */
  private String mark(String runId) {
    return redis.runForText(
        Script.MARK_OPENING,
        List.of(Keys.OPENING, Keys.EPOCH),
        List.of(runId + ":", runId + ":" + UUID.randomUUID()));
  }

  /**
   * Registers this instance as a writer. After a crash, Redis must know of every instance that used
   * the epoch, so the epoch is used only when the registration is on disk.
   */
  private boolean isRegisteredOnDisk(String epoch) {
    @Nullable Registration current = registration;
    if (current == null || !current.epoch().equals(epoch)) {
      registration = register(epoch);
      return false;
    }
    String persistence = info("persistence");
    return !keepsFile(persistence)
        || (nanoTime.getAsLong() - current.nanos() >= UNTIL_ON_DISK.toNanos()
            && persistence.contains("aof_pending_bio_fsync:0"));
  }

  private @Nullable Registration register(String epoch) {
    String reply =
        redis.runForText(
            Script.REGISTER_WRITER, List.of(Keys.WRITERS, Keys.EPOCH), List.of(instance, epoch));
    return reply.equals("REGISTERED") ? new Registration(epoch, nanoTime.getAsLong()) : null;
  }

  private String info(String section) {
    return redis.await(redis.commands().info(section));
  }

  private static boolean keepsFile(String persistence) {
    return persistence.contains("aof_enabled:1");
  }

  /** Declares that this instance has no command in flight to the log. */
  public void unregisterWriter() {
    registration = null;
    redis.await(redis.commands().srem(Redis.bytes(Keys.WRITERS), Redis.bytes(instance)));
  }

  /**
   * True if an instance that wrote in the last epoch may have commands in flight to the log. A
   * Redis without an append-only file, or that was a replica before, may have forgotten it.
   */
  public boolean mayHaveWriters() {
    return !keepsFile(info("persistence"))
        || !info("replication").contains("master_replid2:" + "0".repeat(40))
        || redis.await(redis.commands().scard(Redis.bytes(Keys.WRITERS))) > 0;
  }

  /** True while requests may write. */
  public boolean isOpen() {
    return redis.isOpen();
  }

  /** Closes the connections, so that every command that waits for a reply fails now. */
  public void disconnect() {
    redis.disconnect();
  }

  /**
   * Begins a new epoch if Redis holds all of the log.
   *
   * @param mark of the state for which the caller has waited
   * @param ends the offset that must be reached in each partition
   * @return false if Redis does not hold all of the log, or another instance began an epoch, or
   *     Redis was emptied or restarted again
   */
  public boolean begin(String mark, Map<TopicPartition, Long> ends) {
    var link = redis.connect();
    List<String> arguments = new ArrayList<>();
    arguments.add(link.runId() + ":" + UUID.randomUUID());
    arguments.add(mark);
    ends.forEach((partition, end) -> {
      arguments.add(Keys.position(partition));
      arguments.add(Long.toString(end));
    });
    return redis
        .runForText(
            Script.BEGIN_EPOCH,
            List.of(Keys.EPOCH, Keys.POSITIONS, Keys.WRITERS, Keys.OPENING),
            arguments)
        .equals("OPEN");
  }

  /**
   * Closes Redis for all instances, because it cannot follow the log; the data stay. It is opened
   * again when it holds all of the log.
   */
  public void close() {
    redis.closeForWrites();
    redis.await(redis.commands().del(Redis.bytes(Keys.EPOCH)));
  }

  /** Empties the database of this service, which is then rebuilt from the log. */
  public void empty() {
    redis.closeForWrites();
    redis.await(redis.commands().flushdb(FlushMode.ASYNC));
  }
}

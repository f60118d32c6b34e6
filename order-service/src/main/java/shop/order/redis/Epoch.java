package shop.order.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.FlushMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Decides whether requests may write to Redis. They may while Redis has the epoch that was begun on
 * its current run, after all of the log was applied; a Redis that was emptied, restarted or
 * replaced has no such epoch.
 */
@Component
public class Epoch {

  private final Redis redis;
  private final String instance = UUID.randomUUID().toString();

  Epoch(Redis redis) {
    this.redis = redis;
  }

  /** The epoch that Redis has. */
  public sealed interface EpochState {

    /** The epoch was begun on the current run of Redis: requests may write. */
    record Open() implements EpochState {}

    /** The epoch was begun on another run: Redis was restarted or replaced. */
    record Stale(String epoch) implements EpochState {}

    /** There is no epoch: Redis was emptied, or is new. */
    record Missing() implements EpochState {}
  }

  /**
   * Reads the epoch from Redis, and admits or rejects writes of requests accordingly.
   *
   * @throws RedisUnavailable if Redis is unavailable
   */
  public EpochState check() {
    var link = redis.connect();
    byte @Nullable [] stored = redis.await(redis.commands().get(Redis.bytes(Keys.EPOCH)));
    if (stored == null) {
      redis.closeForWrites();
      return new EpochState.Missing();
    }
    String epoch = new String(stored, UTF_8);
    if (!link.hasBegun(stored)) {
      redis.closeForWrites();
      return new EpochState.Stale(epoch);
    }
    if (!redis.isOpen()) {
      redis.openForWrites(epoch);
      registerWriter();
    }
    return new EpochState.Open();
  }

  private void registerWriter() {
    redis.run(Script.REGISTER_WRITER, List.of(Keys.WRITERS), List.of(instance));
  }

  /** Declares that this instance has no command in flight to the log. */
  public void unregisterWriter() {
    redis.await(redis.commands().srem(Redis.bytes(Keys.WRITERS), Redis.bytes(instance)));
  }

  /** True if an instance that wrote in the last epoch may have commands in flight to the log. */
  public boolean hasWriters() {
    return redis.await(redis.commands().scard(Redis.bytes(Keys.WRITERS))) > 0;
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
   * @param stale the epoch of the previous run, if any
   * @param ends the offset that must be reached in each partition
   * @return false if Redis does not hold all of the log, or another instance began an epoch
   */
  public boolean begin(Optional<String> stale, Map<TopicPartition, Long> ends) {
    var link = redis.connect();
    List<String> arguments = new ArrayList<>();
    arguments.add(link.runId() + ":" + UUID.randomUUID());
    arguments.add(stale.orElse(""));
    ends.forEach((partition, end) -> {
      arguments.add(Keys.position(partition));
      arguments.add(Long.toString(end));
    });
    return redis
        .runForText(
            Script.BEGIN_EPOCH, List.of(Keys.EPOCH, Keys.POSITIONS, Keys.WRITERS), arguments)
        .equals("OPEN");
  }

  /** Empties the database of this service, which is then rebuilt from the log. */
  public void empty() {
    redis.closeForWrites();
    redis.await(redis.commands().flushdb(FlushMode.ASYNC));
  }
}

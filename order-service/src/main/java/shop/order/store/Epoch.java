package shop.order.store;

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
 * Whether Redis may be written to. It may as long as it has the epoch that was begun on its present
 * run, once it held all of the log; an emptied, restarted or replaced Redis has none.
 */
@Component
public class Epoch {

  private final Redis redis;
  private final String instance = UUID.randomUUID().toString();

  Epoch(Redis redis) {
    this.redis = redis;
  }

  /** What was found in Redis. */
  public sealed interface Found {

    /** It is open. */
    record Open() implements Found {}

    /** It was restarted or replaced; the epoch is another run's. */
    record Stale(String epoch) implements Found {}

    /** It has no epoch: it was emptied, or is new. */
    record Missing() implements Found {}
  }

  /**
   * Looks, and lets requests write or not accordingly.
   *
   * @throws RedisUnavailable if Redis is away
   */
  public Found look() {
    var link = redis.connect();
    byte @Nullable [] present = redis.await(redis.commands().get(Redis.bytes(Keys.EPOCH)));
    if (present == null) {
      redis.shut();
      return new Found.Missing();
    }
    String epoch = new String(present, UTF_8);
    if (!link.began(present)) {
      redis.shut();
      return new Found.Stale(epoch);
    }
    if (!redis.isOpen()) {
      enter(epoch);
    }
    return new Found.Open();
  }

  private void enter(String epoch) {
    redis.open(epoch);
    redis.run(Script.ENTER, List.of(Keys.WRITERS), List.of(instance));
  }

  /** True while requests may write. */
  public boolean isOpen() {
    return redis.isOpen();
  }

  /** Ends the connections, so that whatever waits on them fails now. */
  public void disconnect() {
    redis.disconnect();
  }

  /** This instance has nothing on its way to the log. */
  public void leave() {
    redis.await(redis.commands().srem(Redis.bytes(Keys.WRITERS), Redis.bytes(instance)));
  }

  /** True if some instance that wrote in the last epoch may have orders on their way to the log. */
  public boolean hasWriters() {
    return redis.await(redis.commands().scard(Redis.bytes(Keys.WRITERS))) > 0;
  }

  /**
   * Begins a new epoch if Redis holds all of the log.
   *
   * @param stale the epoch of the run before, if any
   * @param ends up to where each partition must be applied
   * @return false if Redis does not hold all of it, or somebody else was faster
   */
  public boolean begin(Optional<String> stale, Map<TopicPartition, Long> ends) {
    var link = redis.connect();
    List<String> arguments = new ArrayList<>();
    arguments.add(link.runId() + ":" + UUID.randomUUID());
    arguments.add(stale.orElse(""));
    ends.forEach((partition, end) -> {
      arguments.add(Positions.name(partition));
      arguments.add(Long.toString(end));
    });
    return redis
        .word(Script.OPEN, List.of(Keys.EPOCH, Keys.POSITIONS, Keys.WRITERS), arguments)
        .equals("OPEN");
  }

  /** Empties the database of this service: all of it comes back from the log. */
  public void empty() {
    redis.shut();
    redis.await(redis.commands().flushdb(FlushMode.ASYNC));
  }
}

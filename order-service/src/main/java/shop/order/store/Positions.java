package shop.order.store;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;
import shop.order.redis.Keys;
import shop.order.redis.Redis;
import shop.order.redis.RedisUnavailable;

/**
 * The positions up to which each partition is applied. They are stored in Redis with the data, so
 * that both are lost together.
 */
@Component
public class Positions {

  private final Redis redis;

  Positions(Redis redis) {
    this.redis = redis;
  }

  /** The next offset to apply of each partition; 0 if nothing of it is applied. */
  public Map<TopicPartition, Long> of(Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> positions = new HashMap<>();
    var all = redis.await(redis.commands().hgetall(Redis.bytes(Keys.POSITIONS)));
    Map<String, Long> known = new HashMap<>();
    all.forEach((field, value) -> known.put(text(field), Long.valueOf(text(value))));
    for (var partition : partitions) {
      positions.put(partition, known.getOrDefault(Keys.position(partition), 0L));
    }
    return positions;
  }

  /** False if Redis is empty, or being loaded: the positions are written last. */
  public boolean exist() {
    return redis.await(redis.commands().exists(Redis.bytes(Keys.POSITIONS))) == 1;
  }

  /**
   * True if Redis is open and has no positions: somebody has deleted them.
   *
   * @throws RedisUnavailable if Redis is not open
   */
  public boolean areLost() {
    return redis.read(commands -> commands.exists(Redis.bytes(Keys.POSITIONS))) == 0;
  }

  /** True if these positions have reached the end offsets. */
  public static boolean haveReached(
      Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  /** A batch of a partition that begins at an offset, which must be the position in Redis. */
  public PartitionBatch batchFrom(TopicPartition partition, long begin) {
    return new PartitionBatch(redis, Keys.position(partition), begin);
  }

  /** Sends the batches that were applied since the last flush. */
  public void flush() {
    redis.flush();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

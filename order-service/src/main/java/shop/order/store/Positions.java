package shop.order.store;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;

/**
 * Up to where each partition is applied. Kept in Redis beside the data, so both are lost at once.
 */
@Component
public class Positions {

  private final Redis redis;

  Positions(Redis redis) {
    this.redis = redis;
  }

  /** The next offset to apply of each partition; 0 where nothing is. */
  public Map<TopicPartition, Long> of(Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> positions = new HashMap<>();
    var all = redis.await(redis.commands().hgetall(Redis.bytes(Keys.POSITIONS)));
    Map<String, Long> known = new HashMap<>();
    all.forEach((field, value) -> known.put(text(field), Long.valueOf(text(value))));
    for (var partition : partitions) {
      positions.put(partition, known.getOrDefault(name(partition), 0L));
    }
    return positions;
  }

  /** True if, at these positions, everything before the ends is applied. */
  public static boolean reach(Map<TopicPartition, Long> at, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> at.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  /** A stretch of a partition that begins at an offset, where Redis must be. */
  public PartitionBatch from(TopicPartition partition, long begin) {
    return new PartitionBatch(redis, name(partition), begin);
  }

  /** Sends what is to be applied. */
  public void flush() {
    redis.flush();
  }

  /** A partition's name in Redis. */
  static String name(TopicPartition partition) {
    return partition.topic() + ":" + partition.partition();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

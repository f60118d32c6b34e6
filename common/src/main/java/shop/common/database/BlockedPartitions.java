package shop.common.database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of a follower that are not read for a while, because a record cannot be applied
 * yet. Used by the follower's thread only.
 */
final class BlockedPartitions {

  private static final Logger log = LoggerFactory.getLogger(BlockedPartitions.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final String follower;
  private final KafkaConsumer<byte[], byte[]> reader;
  private final Clock clock;
  private final Map<TopicPartition, Instant> until = new HashMap<>();

  /** The offsets at which blocks were logged. */
  private final Map<TopicPartition, Long> reported = new HashMap<>();

  BlockedPartitions(String follower, KafkaConsumer<byte[], byte[]> reader, Clock clock) {
    this.follower = follower;
    this.reader = reader;
    this.clock = clock;
  }

  /** Reads a partition again later, from the record on that cannot be applied. */
  void add(PartitionBlocked cause) {
    var partition = cause.partition();
    if (!Long.valueOf(cause.offset()).equals(reported.put(partition, cause.offset()))) {
      log.error(
          "Follower {} cannot apply {} from offset {} on, and tries again every {} s: {}",
          follower,
          partition,
          cause.offset(),
          INTERVAL.toSeconds(),
          cause.getMessage());
    }
    until.put(partition, clock.instant().plus(INTERVAL));
    reader.pause(List.of(partition));
    reader.seek(partition, cause.offset());
  }

  /** Lets the partitions be read again whose time has come. */
  void resumeDue() {
    Instant now = clock.instant();
    until
        .entrySet()
        .removeIf(entry -> {
          boolean due = !now.isBefore(entry.getValue());
          if (due) {
            reader.resume(List.of(entry.getKey()));
          }
          return due;
        });
  }

  /** All partitions are read again, from wherever they are now. */
  void clear() {
    until.clear();
  }

  /** A partition belongs to another instance now. */
  void forget(TopicPartition partition) {
    until.remove(partition);
    reported.remove(partition);
  }
}

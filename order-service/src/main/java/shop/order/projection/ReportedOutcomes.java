package shop.order.projection;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.common.kafka.Topics;

/**
 * Up to where everything has been reported, the outcomes of redrives and the dead letters: the
 * offsets that order-view commits. Redis's position moves before an outcome is reported, and when
 * Redis is loaded, beyond records that the projector has not seen; so what lies between this offset
 * and the position is read again after an assignment. Used by the projector's thread only. See
 * docs/decisions/0024 and 0054.
 */
@Component
class ReportedOutcomes {

  private static final Logger log = LoggerFactory.getLogger(ReportedOutcomes.class);

  /** What is read twice after a crash; redrives are committed at once. */
  private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

  private final Map<TopicPartition, Long> reported = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
  private final Set<TopicPartition> incomplete = new HashSet<>();
  private boolean allIncomplete;
  private long committedNanos = System.nanoTime();

  /** Reads the committed offsets of newly assigned partitions. */
  void load(Consumer<byte[], byte[]> consumer) {
    reported.clear();
    uncommitted.clear();
    consumer
        .committed(consumer.assignment())
        .forEach((partition, offset) -> {
          if (offset != null) {
            reported.put(partition, offset.offset());
          }
        });
  }

  /**
   * The offset to read from after a seek to a position; not later than the first record of which
   * something may not have been reported. Without a committed offset that is the first redrive, and
   * in other topics the position: reading those from their beginning would take hours.
   */
  long readFrom(TopicPartition partition, long position) {
    return isRedrive(partition) || reported.containsKey(partition)
        ? Math.min(position, offset(partition))
        : position;
  }

  /** True if the outcome of the record at an offset has been reported. */
  boolean contains(TopicPartition partition, long offset) {
    return offset < offset(partition);
  }

  /** Everything before an offset has been reported. */
  void advance(TopicPartition partition, long next) {
    if (!allIncomplete && !incomplete.contains(partition) && next > offset(partition)) {
      reported.put(partition, next);
      uncommitted.put(partition, new OffsetAndMetadata(next));
    }
  }

  /**
   * An outcome of the partition may not have been reported; later ones are no progress until it is
   * read again.
   */
  void markIncomplete(TopicPartition partition) {
    incomplete.add(partition);
  }

  /** Like {@link #markIncomplete(TopicPartition)}, for every partition. */
  void markIncomplete() {
    allIncomplete = true;
  }

  /** Reading begins again at {@link #readFrom}. */
  void markReread() {
    incomplete.clear();
    allIncomplete = false;
  }

  /** Commits the progress; if that fails, a few outcomes are reported twice, and count once. */
  void commit(Consumer<byte[], byte[]> consumer) {
    uncommitted.keySet().retainAll(consumer.assignment());
    if (uncommitted.isEmpty() || !isCommitDue()) {
      return;
    }
    committedNanos = System.nanoTime();
    consumer.commitAsync(
        Map.copyOf(uncommitted),
        (_, failure) -> {
          if (failure != null) {
            log.info(
                "The offsets of order-view were not committed; outcomes may be reported again: {}",
                failure.toString());
          }
        });
    uncommitted.clear();
  }

  private boolean isCommitDue() {
    return System.nanoTime() - committedNanos >= COMMIT_INTERVAL.toNanos()
        || uncommitted.keySet().stream().anyMatch(ReportedOutcomes::isRedrive);
  }

  private long offset(TopicPartition partition) {
    return reported.getOrDefault(partition, 0L);
  }

  private static boolean isRedrive(TopicPartition partition) {
    return partition.topic().equals(Topics.ORDER_REDRIVE.name());
  }
}

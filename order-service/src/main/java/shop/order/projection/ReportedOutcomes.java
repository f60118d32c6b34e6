package shop.order.projection;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.common.kafka.Topics;

/**
 * Up to where the outcomes of redrives have been reported: the offsets of {@code
 * order-service.redrive} that order-view commits. Redis's position moves before an outcome is
 * reported, so what lies between this offset and the position is read again after an assignment.
 * Used by the projector's thread only. See docs/decisions/0024.
 */
@Component
class ReportedOutcomes {

  private static final Logger log = LoggerFactory.getLogger(ReportedOutcomes.class);

  private final Map<TopicPartition, Long> reported = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
  private final Set<TopicPartition> incomplete = new HashSet<>();
  private boolean allIncomplete;

  /** Reads the committed offsets of newly assigned partitions. */
  void load(KafkaConsumer<byte[], byte[]> consumer) {
    Set<TopicPartition> redrives =
        consumer.assignment().stream()
            .filter(ReportedOutcomes::isRedrive)
            .collect(Collectors.toUnmodifiableSet());
    reported.clear();
    uncommitted.clear();
    consumer
        .committed(redrives)
        .forEach(
            (partition, offset) -> reported.put(partition, offset == null ? 0 : offset.offset()));
  }

  /**
   * The offset to read from after a seek to a position; not later than the first outcome that may
   * not have been reported.
   */
  long readFrom(TopicPartition partition, long position) {
    return isRedrive(partition) ? Math.min(position, offset(partition)) : position;
  }

  /** True if the outcome of the record at an offset has been reported. */
  boolean contains(TopicPartition partition, long offset) {
    return offset < offset(partition);
  }

  /** Everything before an offset has been reported. */
  void advance(TopicPartition partition, long next) {
    if (isRedrive(partition)
        && !allIncomplete
        && !incomplete.contains(partition)
        && next > offset(partition)) {
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
  void commit(KafkaConsumer<byte[], byte[]> consumer) {
    uncommitted.keySet().retainAll(consumer.assignment());
    if (uncommitted.isEmpty()) {
      return;
    }
    consumer.commitAsync(
        Map.copyOf(uncommitted),
        (_, failure) -> {
          if (failure != null) {
            log.info(
                "The offsets of reported redrives were not committed; their outcomes may be"
                    + " reported again: {}",
                failure.toString());
          }
        });
    uncommitted.clear();
  }

  private long offset(TopicPartition partition) {
    return reported.getOrDefault(partition, 0L);
  }

  private static boolean isRedrive(TopicPartition partition) {
    return partition.topic().equals(Topics.ORDER_REDRIVE.name());
  }
}

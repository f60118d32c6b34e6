package shop.order.archive;

import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * What PostgreSQL has.
 *
 * @param positions of the same snapshot: offsets of the next records to apply
 */
public record Answer<T>(T value, Map<TopicPartition, Long> positions) {

  /**
   * The value, if PostgreSQL has what it must have for that to count.
   *
   * @param enough decides about the positions
   * @throws ArchiveUnavailable if the positions are not enough
   */
  public T reaching(Predicate<Map<TopicPartition, Long>> enough) {
    if (!enough.test(positions)) {
      throw new ArchiveUnavailable("PostgreSQL lacks records of what has left Redis");
    }
    return value;
  }
}

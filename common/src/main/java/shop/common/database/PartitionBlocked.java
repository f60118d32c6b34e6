package shop.common.database;

import org.apache.kafka.common.TopicPartition;

/**
 * A record cannot be applied yet, because something that another record brings is missing. It is
 * tried again until it can be; what follows it in its partition waits.
 */
public final class PartitionBlocked extends RuntimeException {

  private final TopicPartition partition;
  private final long offset;

  /**
   * Blocks a partition.
   *
   * @param offset of the record that cannot be applied
   * @param message what is missing
   */
  public PartitionBlocked(TopicPartition partition, long offset, String message) {
    super(message);
    this.partition = partition;
    this.offset = offset;
  }

  TopicPartition partition() {
    return partition;
  }

  long offset() {
    return offset;
  }
}

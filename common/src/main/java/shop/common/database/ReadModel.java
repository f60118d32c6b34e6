package shop.common.database;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The tables that a {@link DatabaseFollower} keeps up to date. Both methods run in the follower's
 * transaction, together with the change of its position, so that every record is applied exactly
 * once; through Spring's {@code JdbcClient} they take part in it.
 */
public interface ReadModel {

  /**
   * Applies records, those of each partition in order. If it throws, the transaction is rolled back
   * and the same records come again, without limit: it must skip or dead-letter what it cannot
   * read, and may throw only for failures of the database. Rows are locked and written in the order
   * of their keys, so that two instances never deadlock.
   *
   * @throws PartitionBlocked if a record has to wait; the others are applied again without it
   */
  void apply(List<ConsumerRecord<byte[], byte[]>> records);

  /** Deletes all rows, because the log they were read from has been lost. */
  void truncate();
}

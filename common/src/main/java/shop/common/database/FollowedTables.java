package shop.common.database;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import shop.common.database.PositionTable.Move;
import shop.common.database.PositionTable.Position;

/** A read model together with its positions in the log: they change in the same transactions. */
final class FollowedTables {

  private final List<String> topics;
  private final ReadModel model;
  private final JdbcClient jdbc;
  private final PositionTable positions;
  private final TransactionTemplate transaction;

  FollowedTables(
      List<String> topics, ReadModel model, JdbcClient jdbc, TransactionTemplate transaction) {
    this.topics = topics;
    this.model = model;
    this.jdbc = jdbc;
    this.positions = new PositionTable(jdbc);
    this.transaction = transaction;
  }

  Map<TopicPartition, Position> positions() {
    return positions.read(topics);
  }

  /** True if everything below these offsets has been applied. */
  boolean areAt(Map<TopicPartition, Long> offsets) {
    var positions = positions();
    return offsets.entrySet().stream()
        .allMatch(offset -> {
          @Nullable Position position = positions.get(offset.getKey());
          return (position == null ? 0 : position.next()) >= offset.getValue();
        });
  }

  /** The offset of a partition's next record to apply; 0 if none was applied. */
  long next(TopicPartition partition) {
    return positions.next(partition);
  }

  /**
   * Applies a batch and moves the positions to its end.
   *
   * @return false if a position is not where the batch begins; then nothing has changed
   */
  boolean apply(List<Move> moves, List<ConsumerRecord<byte[], byte[]>> records) {
    return requireNonNull(
        transaction.execute(status -> {
          configure();
          if (positions.move(moves) < moves.size()) {
            status.setRollbackOnly();
            return false;
          }
          if (!records.isEmpty()) {
            model.apply(records);
          }
          return true;
        }));
  }

  /**
   * The log replays what a crash of the database loses, so a commit need not wait for the disk. A
   * batch may take longer than a query of a request; shorter than the connection's socket timeout.
   */
  private void configure() {
    jdbc.sql(
            """
            SELECT set_config('synchronous_commit', 'off', true),
              set_config('statement_timeout', '12s', true)
            """)
        .query((_, _) -> true)
        .single();
  }

  /**
   * Adds the positions of partitions that have none. Deletes all rows and positions before, if one
   * position is lost, or if a topic is new: then the tables may have rows that were read from
   * another topic in its place.
   *
   * @param starts the first offset of each partition
   * @return true if a position was lost; only once, if several instances find it
   */
  boolean begin(Map<TopicPartition, Long> starts, Predicate<Position> isLost) {
    return requireNonNull(
        transaction.execute(_ -> {
          positions.lock();
          var existing = positions().values();
          boolean lost = existing.stream().anyMatch(isLost);
          var known =
              existing.stream().map(position -> position.partition().topic()).collect(toSet());
          if (lost || !known.containsAll(topics)) {
            model.truncate();
            positions.delete(topics);
          }
          positions.add(starts);
          return lost;
        }));
  }
}

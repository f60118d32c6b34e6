package shop.common.database;

import static java.util.stream.Collectors.toMap;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code positions}: how far each partition has been applied to the other tables. It is
 * changed in the transactions that change them.
 */
final class PositionTable {

  private final JdbcClient jdbc;

  PositionTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A partition's position.
   *
   * @param next offset of the next record to apply
   * @param asOf all records that were appended until then have been applied
   */
  record Position(TopicPartition partition, long next, Instant asOf) {}

  /**
   * An advance of a position.
   *
   * @param begin where the position must be
   * @param end where it will be; the same to change only the time
   * @param asOf all records that were appended until then are below the end; null if unknown
   */
  record Move(TopicPartition partition, long begin, long end, @Nullable Instant asOf) {}

  Map<TopicPartition, Position> read(Collection<String> topics) {
    return jdbc
        .sql("SELECT topic, partition, next, as_of FROM positions WHERE topic = ANY(:topics)")
        .param("topics", topics.toArray(String[]::new))
        .query((row, _) ->
            new Position(
                new TopicPartition(row.getString("topic"), row.getInt("partition")),
                row.getLong("next"),
                row.getTimestamp("as_of").toInstant()))
        .list()
        .stream()
        .collect(toMap(Position::partition, Function.identity()));
  }

  /** The offset of a partition's next record to apply; 0 if none was applied. */
  long next(TopicPartition partition) {
    return jdbc.sql("SELECT next FROM positions WHERE topic = :topic AND partition = :partition")
        .param("topic", partition.topic())
        .param("partition", partition.partition())
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  /** Adds positions; those that exist remain. */
  void add(Map<TopicPartition, Long> positions) {
    var partitions = List.copyOf(positions.keySet());
    jdbc.sql(
            """
            INSERT INTO positions (topic, partition, next, as_of)
            SELECT *, TIMESTAMPTZ 'epoch' FROM unnest(:topics::text[], :partitions::int[], :nexts::bigint[])
            ORDER BY 1, 2
            ON CONFLICT DO NOTHING
            """)
        .param("topics", partitions.stream().map(TopicPartition::topic).toArray(String[]::new))
        .param(
            "partitions",
            partitions.stream().map(TopicPartition::partition).toArray(Integer[]::new))
        .param("nexts", partitions.stream().map(positions::get).toArray(Long[]::new))
        .update();
  }

  /**
   * Advances positions.
   *
   * @return how many of them were where they had to be; only those are changed
   */
  int move(List<Move> moves) {
    // Locked in key order first: an UPDATE may lock in any order.
    return jdbc.sql(
            """
            WITH moves AS (
              SELECT * FROM unnest(:topics::text[], :partitions::int[], :begins::bigint[], :ends::bigint[],
                  :times::timestamptz[])
                AS move (topic, partition, "begin", "end", as_of)),
            locked AS (
              SELECT position.topic, position.partition
              FROM positions position JOIN moves USING (topic, partition)
              ORDER BY 1, 2
              FOR UPDATE OF position)
            UPDATE positions SET next = moves."end", as_of = greatest(positions.as_of, moves.as_of)
            FROM moves JOIN locked USING (topic, partition)
            WHERE positions.topic = moves.topic AND positions.partition = moves.partition
              AND positions.next = moves."begin"
            """)
        .param(
            "topics", moves.stream().map(move -> move.partition().topic()).toArray(String[]::new))
        .param(
            "partitions",
            moves.stream().map(move -> move.partition().partition()).toArray(Integer[]::new))
        .param("begins", moves.stream().map(Move::begin).toArray(Long[]::new))
        .param("ends", moves.stream().map(Move::end).toArray(Long[]::new))
        .param("times", moves.stream().map(PositionTable::time).toArray(String[]::new))
        .update();
  }

  private static @Nullable String time(Move move) {
    return move.asOf() == null ? null : move.asOf().toString();
  }

  /** Excludes all other changes of positions until the transaction ends. */
  void lock() {
    jdbc.sql("LOCK TABLE positions IN EXCLUSIVE MODE").update();
  }

  void delete(Collection<String> topics) {
    jdbc.sql("DELETE FROM positions WHERE topic = ANY(:topics)")
        .param("topics", topics.toArray(String[]::new))
        .update();
  }
}

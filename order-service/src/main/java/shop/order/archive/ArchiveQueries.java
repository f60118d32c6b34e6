package shop.order.archive;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import shop.common.database.Column;
import shop.common.database.DatabaseFailures;
import shop.common.database.DatabaseFollower;
import shop.order.OrderId;

/** Queries of requests: their results with the positions up to which the tables have the log. */
@Component
class ArchiveQueries {

  private final JdbcClient jdbc;
  private final DatabaseFollower follower;
  private final TransactionTemplate snapshot;

  ArchiveQueries(
      JdbcClient jdbc, DatabaseFollower follower, PlatformTransactionManager transactions) {
    this.jdbc = jdbc;
    this.follower = follower;
    this.snapshot = new TransactionTemplate(transactions);
    snapshot.setReadOnly(true);
    snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
  }

  /**
   * The result of queries in one transaction.
   *
   * @throws ArchiveUnavailable if PostgreSQL does not answer, or not in time
   */
  <T> Answer<T> answer(Supplier<T> query) {
    return available(() ->
        requireNonNull(snapshot.execute(_ -> new Answer<>(query.get(), follower.positions()))));
  }

  /**
   * The rows of orders by their ids, in one statement: the look-ups of single orders.
   *
   * @param columns of the table {@code orders o}
   * @throws ArchiveUnavailable if PostgreSQL does not answer, or not in time
   */
  <T> Answer<List<T>> answerByIds(String columns, Collection<OrderId> ids, RowMapper<T> mapper) {
    Map<TopicPartition, Long> positions = new HashMap<>();
    List<T> found = new ArrayList<>();
    available(() -> {
      jdbc.sql(
              """
              SELECT positions, %s
              FROM (SELECT string_agg(concat_ws(' ', topic, partition, next), ',') AS positions FROM positions) p
              LEFT JOIN orders o ON o.id = ANY(:ids::uuid[])
              """
                  .formatted(columns))
          .param("ids", Column.texts(List.copyOf(ids), id -> id))
          .query(row -> {
            if (positions.isEmpty()) {
              addPositions(positions, row.getString("positions"));
            }
            if (row.getString("id") != null) {
              found.add(requireNonNull(mapper.mapRow(row, found.size())));
            }
          });
      return true;
    });
    return new Answer<>(found, positions);
  }

  private static void addPositions(Map<TopicPartition, Long> positions, @Nullable String text) {
    if (text != null) {
      for (var position : text.split(",", -1)) {
        String[] parts = position.split(" ", -1);
        positions.put(
            new TopicPartition(parts[0], Integer.parseInt(parts[1])), Long.valueOf(parts[2]));
      }
    }
  }

  private static <T> T available(Supplier<T> query) {
    try {
      return query.get();
    } catch (DataAccessException | TransactionException e) {
      if (DatabaseFailures.isTimeout(e) || DatabaseFailures.isUnavailable(e)) {
        throw ArchiveUnavailable.from(e, DatabaseFailures.isTimeout(e));
      }
      throw e;
    }
  }

  /** An upper bound of the age of the oldest record that has not been applied. */
  Duration age() {
    return follower.age();
  }
}

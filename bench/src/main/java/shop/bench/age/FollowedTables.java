package shop.bench.age;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.TopicPartition;
import shop.local.broker.DatabaseEndpoint;

/** How far the tables of the services have followed the log. */
final class FollowedTables {

  /** The schemas with tables that follow topics. */
  private static final List<String> SCHEMAS =
      List.of("orders", "payments", "operations", "notification");

  private final DatabaseEndpoint administrator;

  FollowedTables(DatabaseEndpoint administrator) {
    this.administrator = administrator;
  }

  /**
   * The records that the tables do not have yet, of all schemas together.
   *
   * @throws SQLException if the database does not respond, or a schema is not there yet
   */
  long lag(GroupOffsets log) throws SQLException, ExecutionException, InterruptedException {
    long lag = 0;
    for (var schema : SCHEMAS) {
      var positions = positions(schema);
      if (positions.isEmpty()) {
        throw new SQLException("The tables of " + schema + " have no positions yet");
      }
      var ends = log.ends(positions.keySet());
      for (var position : positions.entrySet()) {
        lag += Math.max(0, ends.getOrDefault(position.getKey(), 0L) - position.getValue());
      }
    }
    return lag;
  }

  private Map<TopicPartition, Long> positions(String schema) throws SQLException {
    var positions = new HashMap<TopicPartition, Long>();
    try (var connection =
            DriverManager.getConnection(
                administrator.url(), administrator.user(), administrator.password());
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT topic, partition, next FROM " + schema + ".positions")) {
      while (rows.next()) {
        positions.put(new TopicPartition(rows.getString(1), rows.getInt(2)), rows.getLong(3));
      }
    }
    return positions;
  }
}

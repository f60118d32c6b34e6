package shop.operations.desk;

import java.sql.ResultSet;
import java.sql.SQLException;
import shop.common.database.SqlTime;
import shop.common.deadletter.Cause;
import shop.operations.DeadLetterSummary;
import shop.operations.RecordPosition;

/** Reads rows of the table {@code entries}. */
final class EntryRows {

  private EntryRows() {}

  /** The dead letter of a row that has one. */
  static DeadLetterSummary letter(ResultSet row) throws SQLException {
    return new DeadLetterSummary(
        row.getString("id"),
        row.getString("service"),
        row.getString("consumer"),
        row.getString("topic"),
        row.getInt("partition"),
        SqlTime.get(row, "failed_at"),
        cause(row),
        row.getString("event_type"),
        row.getString("subject"),
        new RecordPosition(row.getInt("log_partition"), row.getLong("log_offset")));
  }

  /** The cause in the columns of an entry's first failure, or of an outcome. */
  static Cause cause(ResultSet row) throws SQLException {
    return new Cause(
        row.getString("exception"),
        row.getString("message"),
        row.getString("place"),
        row.getInt("attempts"));
  }
}

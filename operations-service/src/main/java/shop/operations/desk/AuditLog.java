package shop.operations.desk;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.common.database.SqlText;
import shop.common.database.SqlTime;
import shop.operations.Action;
import shop.operations.RecordPosition;

/** All decisions of admins, newest first. */
public final class AuditLog {

  private final JdbcClient jdbc;

  AuditLog(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A position in the list. */
  public record AuditPosition(Instant at, RecordPosition record) {}

  /**
   * A decision about an entry or a bulk retry.
   *
   * @param label the event's type, such as {@code retry-requested}
   * @param entry absent if the decision is about a bulk retry
   * @param bulkRetry the bulk retry, or the one that requested the retry of the entry
   */
  public record AuditRecord(
      AuditPosition position,
      String label,
      UUID by,
      @Nullable String entry,
      @Nullable UUID bulkRetry,
      @Nullable Integer version,
      @Nullable Integer attempt,
      @Nullable String reason) {}

  /**
   * The decisions that follow a position, or the newest ones.
   *
   * @param entry only decisions about it
   * @param by only decisions of this admin
   */
  public List<AuditRecord> find(
      @Nullable String entry, @Nullable UUID by, @Nullable AuditPosition after, int limit) {
    var conditions = new Conditions().and("admin IS NOT NULL");
    if (entry != null) {
      conditions.and("entry = :entry", "entry", SqlText.of(entry));
    }
    if (by != null) {
      conditions.and("admin = :by", "by", by);
    }
    if (after != null) {
      conditions
          .and("(at, log_partition, log_offset) < (:at, :partition, :offset)")
          .with("at", SqlTime.of(after.at()))
          .with("partition", after.record().partition())
          .with("offset", after.record().offset());
    }
    return jdbc.sql(
            "SELECT * FROM actions WHERE "
                + conditions.sql()
                + " ORDER BY at DESC, log_partition DESC, log_offset DESC LIMIT :limit")
        .params(conditions.parameters())
        .param("limit", limit)
        .query((row, _) -> auditRecord(row))
        .list();
  }

  private static AuditRecord auditRecord(ResultSet row) throws SQLException {
    return new AuditRecord(
        new AuditPosition(
            SqlTime.get(row, "at"),
            new RecordPosition(row.getInt("log_partition"), row.getLong("log_offset"))),
        Action.label(row.getString("type")),
        row.getObject("admin", UUID.class),
        row.getString("entry"),
        row.getObject("bulk_retry", UUID.class),
        row.getObject("version", Integer.class),
        row.getObject("attempt", Integer.class),
        row.getString("reason"));
  }
}

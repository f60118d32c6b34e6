package shop.operations.desk;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.common.database.SqlText;
import shop.common.database.SqlTime;
import shop.common.json.Json;
import shop.operations.BulkRetry;
import shop.operations.BulkRetry.Plan;
import shop.operations.BulkRetry.Progress;
import tools.jackson.core.type.TypeReference;

/** The table {@code bulk_retries}. */
public final class BulkRetryTable {

  /** Of a list. */
  private static final int MAX_LISTED = 200;

  private final JdbcClient jdbc;
  private final JdbcTemplate batches;

  BulkRetryTable(JdbcTemplate jdbc) {
    this.jdbc = JdbcClient.create(jdbc);
    this.batches = jdbc;
  }

  public Optional<BulkRetry> find(UUID id) {
    return jdbc.sql("SELECT * FROM bulk_retries WHERE id = :id AND started_at IS NOT NULL")
        .param("id", id)
        .query((row, _) -> bulkRetry(row))
        .optional();
  }

  /** The newest {@value #MAX_LISTED} bulk retries, newest first. */
  public List<BulkRetry> newest() {
    return jdbc.sql(
            """
            SELECT * FROM bulk_retries WHERE started_at IS NOT NULL
            ORDER BY started_at DESC LIMIT :limit
            """)
        .param("limit", MAX_LISTED)
        .query((row, _) -> bulkRetry(row))
        .list();
  }

  public boolean isCancelled(UUID id) {
    return jdbc.sql("SELECT count(*) FROM bulk_retries WHERE id = :id AND cancelled_by IS NOT NULL")
            .param("id", id)
            .query(Integer.class)
            .single()
        > 0;
  }

  private static BulkRetry bulkRetry(ResultSet row) throws SQLException {
    @Nullable Instant last = SqlTime.getNullable(row, "last");
    return new BulkRetry(
        row.getObject("id", UUID.class),
        new Plan(
            row.getObject("admin", UUID.class),
            row.getString("reason"),
            Json.MAPPER.readValue(row.getString("filter"), new TypeReference<>() {}),
            row.getInt("rate"),
            row.getInt("matched"),
            row.getInt("skipped"),
            SqlTime.get(row, "started_at")),
        row.getObject("cancelled_by", UUID.class),
        new Progress(
            row.getInt("sent"),
            row.getInt("refused"),
            row.getInt("resolved"),
            row.getInt("failed"),
            last == null ? Instant.EPOCH : last));
  }

  /** Locks the rows of these ids in key order; adds those that are missing. */
  void lock(Collection<UUID> ids) {
    if (ids.isEmpty()) {
      return;
    }
    String[] all = ids.stream().map(UUID::toString).toArray(String[]::new);
    jdbc.sql(
            """
            INSERT INTO bulk_retries (id) SELECT * FROM unnest(:ids::uuid[]) ORDER BY 1
            ON CONFLICT DO NOTHING
            """)
        .param("ids", all)
        .update();
    jdbc.sql("SELECT id FROM bulk_retries WHERE id = ANY(:ids::uuid[]) ORDER BY id FOR UPDATE")
        .param("ids", all)
        .query(String.class)
        .list();
  }

  /** The first plan of an id counts; its row is locked. */
  void start(UUID id, Plan plan) {
    jdbc.sql(
            """
            UPDATE bulk_retries SET admin = :admin, reason = :reason, filter = :filter,
              rate = :rate, matched = :matched, skipped = :skipped, started_at = :at
            WHERE id = :id AND started_at IS NULL
            """)
        .param("id", id)
        .param("admin", plan.by())
        .param("reason", SqlText.ofNullable(plan.reason()))
        .param("filter", SqlText.of(Json.MAPPER.writeValueAsString(plan.filter())))
        .param("rate", plan.ratePerSecond())
        .param("matched", plan.matched())
        .param("skipped", plan.skipped())
        .param("at", SqlTime.of(plan.at()))
        .update();
  }

  /** The first cancellation counts. */
  void cancel(UUID id, UUID by) {
    jdbc.sql("UPDATE bulk_retries SET cancelled_by = :by WHERE id = :id AND cancelled_by IS NULL")
        .param("id", id)
        .param("by", by)
        .update();
  }

  void add(Map<UUID, Progress> changes) {
    batches.batchUpdate(
        """
        UPDATE bulk_retries SET sent = sent + ?, refused = refused + ?, resolved = resolved + ?,
          failed = failed + ?, last = greatest(last, ?)
        WHERE id = ?
        """,
        changes.entrySet().stream()
            .map(change -> {
              var progress = change.getValue();
              return new Object[] {
                progress.sent(),
                progress.refused(),
                progress.resolved(),
                progress.failed(),
                SqlTime.of(progress.last()),
                change.getKey()
              };
            })
            .toList());
  }
}

package shop.operations.desk;

import static java.util.stream.Collectors.groupingBy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.common.database.SqlText;
import shop.common.database.SqlTime;
import shop.common.deadletter.Cause;
import shop.common.deadletter.RedriveOutcome;
import shop.operations.Action;
import shop.operations.Action.Decision;
import shop.operations.Action.FailedAgain;
import shop.operations.Action.RedriveDecision;
import shop.operations.Action.ReportedOutcome;
import shop.operations.Action.RetryRequested;
import shop.operations.EntryHistory;
import shop.operations.HistoryStep;
import shop.operations.RecordPosition;

/** The table {@code actions}. */
final class ActionTable {

  private final JdbcClient jdbc;
  private final JdbcTemplate batches;

  ActionTable(JdbcTemplate jdbc) {
    this.jdbc = JdbcClient.create(jdbc);
    this.batches = jdbc;
  }

  /** A record of {@code dead-letter-actions}; counted is false if it came too late. */
  record Row(RecordPosition position, DeskRecord parsed, boolean counted) {}

  /** The histories of entries; those without any action are absent. */
  Map<String, EntryHistory> histories(Collection<String> entries) {
    record Step(String entry, HistoryStep step) {}
    if (entries.isEmpty()) {
      return Map.of();
    }
    var steps =
        jdbc
            .sql("SELECT * FROM actions WHERE entry = ANY(:entries) ORDER BY entry, log_offset")
            .param("entries", entries.toArray(String[]::new))
            .query((row, _) -> new Step(row.getString("entry"), step(row)))
            .list()
            .stream()
            .collect(groupingBy(Step::entry));
    Map<String, EntryHistory> histories = new HashMap<>();
    steps.forEach((entry, own) -> {
      var history = EntryHistory.START;
      for (var one : own) {
        history = history.apply(one.step().action(), one.step().at(), one.step().offset());
      }
      histories.put(entry, history);
    });
    return histories;
  }

  private static HistoryStep step(ResultSet row) throws SQLException {
    return new HistoryStep(
        action(row), SqlTime.get(row, "at"), row.getLong("log_offset"), row.getBoolean("counted"));
  }

  private static Action action(ResultSet row) throws SQLException {
    String type = row.getString("type");
    int version = row.getInt("version");
    int attempt = row.getInt("attempt");
    String service = row.getString("service");
    UUID admin = row.getObject("admin", UUID.class);
    String reason = row.getString("reason");
    return switch (type) {
      case RetryRequested.TYPE ->
          new RetryRequested(
              version, attempt, admin, reason, row.getObject("bulk_retry", UUID.class));
      case Action.EditRequested.TYPE ->
          new Action.EditRequested(
              version,
              attempt,
              admin,
              reason,
              new RecordPosition(row.getInt("log_partition"), row.getLong("log_offset")));
      case Action.DiscardRequested.TYPE ->
          new Action.DiscardRequested(version, attempt, admin, reason);
      case Action.Discarded.TYPE -> new Action.Discarded(version, admin, reason);
      case Action.Reopened.TYPE -> new Action.Reopened(version, admin, reason);
      case RedriveOutcome.RESOLVED -> new Action.Resolved(attempt, service);
      case RedriveOutcome.FAILED_AGAIN -> new FailedAgain(attempt, service, EntryRows.cause(row));
      default -> throw new IllegalStateException("The table actions has the unknown type " + type);
    };
  }

  void add(Collection<Row> rows) {
    batches.batchUpdate(
        """
        INSERT INTO actions (log_partition, log_offset, type, at, entry, counted, version, attempt,
          admin, reason, bulk_retry, service, exception, message, place, attempts)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        rows.stream().map(ActionTable::values).toList());
  }

  private static @Nullable Object[] values(Row row) {
    @Nullable Object[] values = new Object[16];
    values[0] = row.position().partition();
    values[1] = row.position().offset();
    values[3] = SqlTime.of(row.parsed().at());
    values[5] = row.counted();
    switch (row.parsed()) {
      case DeskRecord.EntryAction(var entry, var action, var _) -> {
        values[2] = action.type();
        values[4] = entry;
        set(values, action);
      }
      case DeskRecord.BulkRetryStarted(var id, var plan) -> {
        values[2] = Actions.BULK_STARTED;
        values[8] = plan.by();
        values[9] = SqlText.ofNullable(plan.reason());
        values[10] = id;
      }
      case DeskRecord.BulkRetryCancelled(var id, var by, var _) -> {
        values[2] = Actions.BULK_CANCELLED;
        values[8] = by;
        values[10] = id;
      }
    }
    return values;
  }

  private static void set(@Nullable Object[] values, Action action) {
    switch (action) {
      case Decision decision -> {
        values[6] = decision.version();
        values[7] = decision instanceof RedriveDecision redrive ? redrive.attempt() : null;
        values[8] = decision.by();
        values[9] = SqlText.ofNullable(decision.reason());
        values[10] = decision instanceof RetryRequested retry ? retry.job() : null;
      }
      case ReportedOutcome outcome -> {
        values[7] = outcome.attempt();
        values[11] = SqlText.of(outcome.service());
        if (outcome instanceof FailedAgain(var _, var _, Cause cause)) {
          values[12] = SqlText.of(cause.exception());
          values[13] = SqlText.of(cause.message());
          values[14] = SqlText.of(cause.place());
          values[15] = cause.attempts();
        }
      }
    }
  }
}

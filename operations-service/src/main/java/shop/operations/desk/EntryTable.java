package shop.operations.desk;

import static java.util.stream.Collectors.toMap;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.common.database.SqlText;
import shop.common.database.SqlTime;
import shop.common.deadletter.Cause;
import shop.operations.DeadLetterSummary;
import shop.operations.DeskEntry;
import shop.operations.EntryHistory;
import shop.operations.State;

/** Writes the tables {@code entries} and {@code texts}. */
final class EntryTable {

  private final JdbcClient jdbc;
  private final JdbcTemplate batches;

  EntryTable(JdbcTemplate jdbc) {
    this.jdbc = JdbcClient.create(jdbc);
    this.batches = jdbc;
  }

  /**
   * What a batch must know of a row.
   *
   * @param service null if the dead letter has not been read yet
   */
  record Locked(String id, @Nullable String service, State state) {}

  /** A text of an entry to be found by search. */
  record Text(String entry, long part, String text) {}

  /** Locks the rows of these ids in key order; adds those that are missing. */
  Map<String, Locked> lock(Collection<String> ids) {
    String[] all = ids.toArray(String[]::new);
    jdbc.sql(
            """
            INSERT INTO entries (id) SELECT * FROM unnest(:ids::text[]) ORDER BY 1
            ON CONFLICT DO NOTHING
            """)
        .param("ids", all)
        .update();
    return jdbc
        .sql("SELECT id, service, state FROM entries WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
        .param("ids", all)
        .query((row, _) ->
            new Locked(
                row.getString("id"),
                row.getString("service"),
                State.valueOf(row.getString("state"))))
        .list()
        .stream()
        .collect(toMap(Locked::id, Function.identity()));
  }

  /** Sets the dead letters of rows that have none. */
  void setLetters(Collection<DeadLetterSummary> letters) {
    batches.batchUpdate(
        """
        UPDATE entries SET service = ?, consumer = ?, topic = ?, partition = ?, failed_at = ?,
          event_type = ?, subject = ?, log_partition = ?, log_offset = ?,
          exception = ?, message = ?, place = ?, attempts = ?
        WHERE id = ?
        """,
        letters.stream().map(EntryTable::values).toList());
  }

  private static @Nullable Object[] values(DeadLetterSummary letter) {
    return new @Nullable Object[] {
      SqlText.of(letter.service()),
      SqlText.of(letter.group()),
      SqlText.of(letter.topic()),
      letter.partition(),
      SqlTime.of(letter.failedAt()),
      SqlText.ofNullable(letter.eventType()),
      SqlText.ofNullable(letter.subject()),
      letter.recordPosition().partition(),
      letter.recordPosition().offset(),
      SqlText.of(letter.cause().exception()),
      SqlText.of(letter.cause().message()),
      SqlText.of(letter.cause().place()),
      letter.cause().attempts(),
      letter.id()
    };
  }

  /** Sets what the histories of entries have led to. */
  void setHistories(Map<String, EntryHistory> histories) {
    List<@Nullable Object[]> rows =
        histories.entrySet().stream()
            .map(history -> values(history.getKey(), history.getValue()))
            .toList();
    batches.batchUpdate(
        """
        UPDATE entries SET state = ?, version = ?, redrives = ?, again_exception = ?,
          again_message = ?, again_place = ?, again_attempts = ?
        WHERE id = ?
        """,
        rows);
  }

  private static @Nullable Object[] values(String id, EntryHistory history) {
    @Nullable Cause again = DeskEntry.causeOf(history).orElse(null);
    return new @Nullable Object[] {
      history.state().name(),
      history.version(),
      history.redrives(),
      again == null ? null : SqlText.of(again.exception()),
      again == null ? null : SqlText.of(again.message()),
      again == null ? null : SqlText.of(again.place()),
      again == null ? null : again.attempts(),
      id
    };
  }

  void addTexts(Collection<Text> texts) {
    batches.batchUpdate(
        "INSERT INTO texts (entry, part, text) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        texts.stream()
            .map(text -> new Object[] {text.entry(), text.part(), SqlText.of(text.text())})
            .toList());
  }
}

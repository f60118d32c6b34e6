package shop.operations.desk;

import static java.util.stream.Collectors.toMap;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.operations.DeadLetterSummary;
import shop.operations.DeskEntry;
import shop.operations.EntryHistory;

/**
 * The dead letters and decisions, as far as the follower has read them; entries are never removed.
 */
public final class Desk {

  private final JdbcClient jdbc;
  private final ActionTable actions;
  private final AuditLog audit;
  private final BulkRetryTable bulkRetries;

  Desk(JdbcTemplate jdbc) {
    this.jdbc = JdbcClient.create(jdbc);
    this.actions = new ActionTable(jdbc);
    this.audit = new AuditLog(this.jdbc);
    this.bulkRetries = new BulkRetryTable(jdbc);
  }

  /** The entry with an id. */
  public Optional<DeskEntry> find(String id) {
    return Optional.ofNullable(letters(List.of(id)).get(id))
        .map(letter -> new DeskEntry(letter, historyOf(id)));
  }

  /** The dead letters with these ids; those that have not been read are absent. */
  public Map<String, DeadLetterSummary> letters(Collection<String> ids) {
    return jdbc
        .sql("SELECT * FROM entries WHERE id = ANY(:ids) AND failed_at IS NOT NULL")
        .param("ids", ids.stream().filter(EntryIds::isValid).toArray(String[]::new))
        .query((row, _) -> EntryRows.letter(row))
        .list()
        .stream()
        .collect(toMap(DeadLetterSummary::id, Function.identity()));
  }

  /** The history of an id, whether or not its dead letter has been read yet. */
  public EntryHistory historyOf(String id) {
    return history(histories(List.of(id)), id);
  }

  /** The histories of ids; those without any action are absent. */
  public Map<String, EntryHistory> histories(Collection<String> ids) {
    return actions.histories(ids.stream().filter(EntryIds::isValid).toList());
  }

  /** One of these histories. */
  public static EntryHistory history(Map<String, EntryHistory> histories, String id) {
    @Nullable EntryHistory history = histories.get(id);
    return history == null ? EntryHistory.START : history;
  }

  public AuditLog audit() {
    return audit;
  }

  public BulkRetryTable bulkRetries() {
    return bulkRetries;
  }
}

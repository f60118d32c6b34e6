package shop.operations.desk;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import shop.common.database.ReadModel;
import shop.common.kafka.Topics;
import shop.operations.Action.FailedAgain;
import shop.operations.BulkRetry.Plan;
import shop.operations.DeadLetterSummary;
import shop.operations.EntryHistory;
import shop.operations.RecordPosition;
import shop.operations.desk.EntryTable.Locked;
import shop.operations.desk.EntryTable.Text;

/**
 * Writes the desk's tables. Dead letters and actions arrive on two topics without a common order:
 * whichever is read first, the tables become the same. Of several dead letters with one id the
 * first counts: a service that crashes between publishing a dead letter and committing its offset
 * publishes it again.
 */
final class DeskTables implements ReadModel {

  private static final Logger log = LoggerFactory.getLogger(DeskTables.class);

  private final JdbcTemplate jdbc;
  private final EntryTable entries;
  private final ActionTable actions;
  private final BulkRetryTable bulkRetries;
  private final TallyTable tallies;

  DeskTables(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
    this.entries = new EntryTable(jdbc);
    this.actions = new ActionTable(jdbc);
    this.bulkRetries = new BulkRetryTable(jdbc);
    this.tallies = new TallyTable(jdbc);
  }

  /** The parsed records of a batch. */
  private static final class Batch {
    final Map<String, DeadLetterSummary> letters = new LinkedHashMap<>();
    final Map<String, String> texts = new HashMap<>();
    final List<Numbered<DeskRecord.EntryAction>> actions = new ArrayList<>();
    final List<ActionTable.Row> rows = new ArrayList<>();
    final Map<UUID, Plan> started = new TreeMap<>();
    final Map<UUID, UUID> cancelled = new TreeMap<>();
  }

  private record Numbered<T>(RecordPosition position, T value) {}

  @Override
  public void apply(List<ConsumerRecord<byte[], byte[]>> records) {
    var batch = new Batch();
    for (var record : records) {
      if (record.topic().equals(Topics.DEAD_LETTERS.name())) {
        parseLetter(record, batch);
      } else {
        parseAction(record, batch);
      }
    }
    write(batch);
  }

  private static void parseLetter(ConsumerRecord<byte[], byte[]> record, Batch batch) {
    var letter = DeadLetterRecords.parse(record);
    if (batch.letters.putIfAbsent(letter.id(), DeadLetterSummary.of(letter, record)) == null) {
      batch.texts.put(letter.id(), SearchText.of(letter));
    }
  }

  private static void parseAction(ConsumerRecord<byte[], byte[]> record, Batch batch) {
    try {
      var position = new RecordPosition(record.partition(), record.offset());
      Actions.parse(record).ifPresent(parsed -> add(parsed, position, batch));
    } catch (RuntimeException e) {
      // The redriver reads the record, too, and dead-letters it.
      log.warn(
          "Record {} of {}-{} is no action", record.offset(), record.topic(), record.partition());
    }
  }

  private static void add(DeskRecord parsed, RecordPosition position, Batch batch) {
    switch (parsed) {
      case DeskRecord.EntryAction action -> batch.actions.add(new Numbered<>(position, action));
      case DeskRecord.BulkRetryStarted(var id, var plan) -> {
        batch.started.putIfAbsent(id, plan);
        batch.rows.add(new ActionTable.Row(position, parsed, true));
      }
      case DeskRecord.BulkRetryCancelled(var id, var by, var _) -> {
        batch.cancelled.putIfAbsent(id, by);
        batch.rows.add(new ActionTable.Row(position, parsed, true));
      }
    }
  }

  private void write(Batch batch) {
    var ids = new TreeSet<>(batch.letters.keySet());
    batch.actions.forEach(action -> ids.add(action.value().entry()));
    Map<String, Locked> locked = ids.isEmpty() ? Map.of() : entries.lock(ids);
    batch.letters.keySet().removeIf(id -> row(locked, id).service() != null);
    var tally = new TallyTable.Changes();
    batch
        .letters
        .values()
        .forEach(letter -> tally.add(letter.service(), row(locked, letter.id()).state()));
    List<Text> texts = new ArrayList<>();
    batch.texts.forEach((id, text) -> {
      if (batch.letters.containsKey(id)) {
        texts.add(new Text(id, 0, text));
      }
    });
    entries.setLetters(batch.letters.values());
    var progress = applyActions(batch, locked, tally, texts);
    entries.addTexts(texts);
    actions.add(batch.rows);
    writeBulkRetries(batch, progress);
    tallies.add(tally);
  }

  /** Decides which actions count. */
  private BulkRetryChanges applyActions(
      Batch batch, Map<String, Locked> locked, TallyTable.Changes tally, List<Text> texts) {
    var progress = new BulkRetryChanges();
    var changed = new TreeSet<String>();
    batch.actions.forEach(action -> changed.add(action.value().entry()));
    var histories = new HashMap<>(actions.histories(changed));
    for (var numbered : batch.actions) {
      var action = numbered.value();
      long offset = numbered.position().offset();
      var before = histories.getOrDefault(action.entry(), EntryHistory.START);
      var history = before.apply(action.action(), action.at(), offset);
      histories.put(action.entry(), history);
      progress.count(history);
      batch.rows.add(
          new ActionTable.Row(numbered.position(), action, history.steps().getLast().counted()));
      if (action.action() instanceof FailedAgain again) {
        texts.add(new Text(action.entry(), offset + 1, SearchText.of(again.cause())));
      }
      @Nullable DeadLetterSummary letter = batch.letters.get(action.entry());
      @Nullable String service =
          letter == null ? row(locked, action.entry()).service() : letter.service();
      if (service != null) {
        tally.move(service, before.state(), history.state());
      }
    }
    entries.setHistories(new TreeMap<>(histories));
    return progress;
  }

  private static Locked row(Map<String, Locked> locked, String id) {
    return requireNonNull(locked.get(id), "a locked row");
  }

  private void writeBulkRetries(Batch batch, BulkRetryChanges progress) {
    var ids = new TreeSet<>(batch.started.keySet());
    ids.addAll(batch.cancelled.keySet());
    ids.addAll(progress.byId().keySet());
    bulkRetries.lock(ids);
    batch.started.forEach(bulkRetries::start);
    batch.cancelled.forEach(bulkRetries::cancel);
    bulkRetries.add(progress.byId());
  }

  @Override
  public void truncate() {
    jdbc.execute("TRUNCATE entries, texts, actions, bulk_retries, tallies");
  }
}

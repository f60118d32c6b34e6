package shop.operations.desk;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.common.kafka.Topics;
import shop.operations.Action.Decision;
import shop.operations.Action.FailedAgain;
import shop.operations.DeadLetterSummary;
import shop.operations.DeskEntry;
import shop.operations.EntryHistory;
import shop.operations.RecordPosition;
import shop.operations.desk.ListPosition.IndexedEntry;

/**
 * The in-memory index of all dead letters, newest first. Dead letters and actions arrive on two
 * topics without a common order, so they are stored separately and joined when queried. Of several
 * dead letters with one id the first counts: a service that crashes between publishing a dead
 * letter and committing its offset publishes it again. Entries are never removed.
 */
public final class Desk {

  private static final Logger log = LoggerFactory.getLogger(Desk.class);

  private final Map<String, DeadLetterSummary> letters = new ConcurrentHashMap<>();
  private final Map<String, EntryHistory> histories = new ConcurrentHashMap<>();
  private final Set<String> failedAgain = ConcurrentHashMap.newKeySet();
  private final NavigableMap<ListPosition, IndexedEntry> newestFirst =
      new ConcurrentSkipListMap<>();
  private final TextIndex texts = new TextIndex();
  private final Interner interner = new Interner();
  private final Tally tally = new Tally();
  private final AuditLog audit = new AuditLog();
  private final BulkRetryTally bulkRetries = new BulkRetryTally();

  /** The entry with an id. */
  public Optional<DeskEntry> find(String id) {
    return Optional.ofNullable(letters.get(id)).map(this::entry);
  }

  /** The history of an id, whether or not its dead letter has been read yet. */
  public EntryHistory historyOf(String id) {
    return histories.getOrDefault(id, EntryHistory.START);
  }

  /** Ids of entries that failed again, whether or not their dead letters have been read yet. */
  Stream<String> failedAgain() {
    return failedAgain.stream();
  }

  /** All entries, newest first. */
  public Stream<DeskEntry> entries() {
    return after(null).map(indexed -> entry(indexed.letter()));
  }

  public AuditLog audit() {
    return audit;
  }

  public BulkRetryTally bulkRetries() {
    return bulkRetries;
  }

  TextIndex texts() {
    return texts;
  }

  Tally tally() {
    return tally;
  }

  /** The entries after a position in the list, or all. */
  Stream<IndexedEntry> after(@Nullable ListPosition position) {
    return (position == null ? newestFirst : newestFirst.tailMap(position, false))
        .values().stream();
  }

  /** All dead letters, oldest first. */
  Stream<DeadLetterSummary> oldestFirst() {
    return newestFirst.descendingMap().values().stream().map(IndexedEntry::letter);
  }

  DeskEntry entry(DeadLetterSummary letter) {
    return new DeskEntry(letter, historyOf(letter.id()));
  }

  /** Indexes a record of either topic; called by one thread, in the order of each partition. */
  void read(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(Topics.DEAD_LETTERS.name())) {
      var letter = DeadLetterRecords.parse(record);
      add(interner.intern(DeadLetterSummary.of(letter, record)), () -> SearchText.of(letter));
    } else {
      addAction(record);
    }
  }

  private void add(DeadLetterSummary letter, Supplier<String> text) {
    if (letters.putIfAbsent(letter.id(), letter) == null) {
      var indexed = texts.add(letter, text.get());
      newestFirst.put(indexed, indexed);
      tally.add(letter.service(), historyOf(letter.id()).state());
    }
  }

  private void addAction(ConsumerRecord<byte[], byte[]> record) {
    try {
      Actions.parse(record).ifPresent(parsed -> add(parsed, record));
    } catch (RuntimeException e) {
      // The redriver reads the record, too, and dead-letters it.
      log.warn(
          "Record {} of {}-{} is no action", record.offset(), record.topic(), record.partition());
    }
  }

  private void add(DeskRecord parsed, ConsumerRecord<?, ?> record) {
    var position = new RecordPosition(record.partition(), record.offset());
    switch (parsed) {
      case DeskRecord.EntryAction action -> {
        add(action, record.offset());
        if (action.action() instanceof Decision) {
          audit.add(parsed, position);
        }
      }
      case DeskRecord.BulkRetryStarted(var id, var plan) -> {
        bulkRetries.started(id, plan);
        audit.add(parsed, position);
      }
      case DeskRecord.BulkRetryCancelled(var id, var by, var _) -> {
        bulkRetries.cancelled(id, by);
        audit.add(parsed, position);
      }
    }
  }

  private void add(DeskRecord.EntryAction action, long offset) {
    EntryHistory before = historyOf(action.entry());
    EntryHistory history = before.apply(action.action(), action.at(), offset);
    histories.put(action.entry(), history);
    if (action.action() instanceof FailedAgain) {
      failedAgain.add(action.entry());
    }
    bulkRetries.count(history);
    @Nullable DeadLetterSummary letter = letters.get(action.entry());
    if (letter != null) {
      tally.move(letter.service(), before.state(), history.state());
    }
  }
}

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
import shop.common.event.MalformedEvent;
import shop.common.json.MalformedJson;
import shop.common.kafka.Topics;
import shop.operations.Action.Decision;
import shop.operations.Action.FailedAgain;
import shop.operations.DeskEntry;
import shop.operations.EntryHistory;
import shop.operations.Letter;
import shop.operations.RecordPosition;
import shop.operations.desk.ListPosition.Indexed;

/**
 * Every dead letter, newest first. Letters and actions come by two topics in any order between
 * them, so they are kept apart and put together when asked for. The first letter of an id counts: a
 * service that crashed after giving up gives up again. Nothing is ever left out.
 */
public final class Desk {

  private static final Logger log = LoggerFactory.getLogger(Desk.class);

  private final Map<String, Letter> letters = new ConcurrentHashMap<>();
  private final Map<String, EntryHistory> lives = new ConcurrentHashMap<>();
  private final Set<String> failedAgain = ConcurrentHashMap.newKeySet();
  private final NavigableMap<ListPosition, Indexed> newestFirst = new ConcurrentSkipListMap<>();
  private final TextIndex texts = new TextIndex();
  private final Interner pool = new Interner();
  private final Tally tally = new Tally();
  private final Audit audit = new Audit();
  private final BulkRetryProgress jobs = new BulkRetryProgress();

  /** The entry of an id. */
  public Optional<DeskEntry> find(String id) {
    return Optional.ofNullable(letters.get(id)).map(this::entry);
  }

  /** What became of an id, whether or not its letter was read yet. */
  public EntryHistory lifeOf(String id) {
    return lives.getOrDefault(id, EntryHistory.START);
  }

  /** The ids of all that failed again, whether or not their letters were read yet. */
  Stream<String> failedAgain() {
    return failedAgain.stream();
  }

  /** All entries, newest first. */
  public Stream<DeskEntry> entries() {
    return after(null).map(one -> entry(one.letter()));
  }

  public Audit audit() {
    return audit;
  }

  public BulkRetryProgress jobs() {
    return jobs;
  }

  TextIndex texts() {
    return texts;
  }

  Tally tally() {
    return tally;
  }

  /** What follows a place in the list, or all of it. */
  Stream<Indexed> after(@Nullable ListPosition mark) {
    return (mark == null ? newestFirst : newestFirst.tailMap(mark, false)).values().stream();
  }

  /** All letters, oldest first. */
  Stream<Letter> oldestFirst() {
    return newestFirst.descendingMap().values().stream().map(Indexed::letter);
  }

  DeskEntry entry(Letter letter) {
    return new DeskEntry(letter, lifeOf(letter.id()));
  }

  /** Takes a record of either topic; called by one thread, in the order of each partition. */
  void read(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(Topics.DEAD_LETTERS.name())) {
      var letter = DeadLetterRecords.letter(record);
      add(pool.shared(Letter.of(letter, record)), () -> SearchText.of(letter));
    } else {
      act(record);
    }
  }

  private void add(Letter letter, Supplier<String> text) {
    if (letters.putIfAbsent(letter.id(), letter) == null) {
      var indexed = texts.add(letter, text.get());
      newestFirst.put(indexed, indexed);
      tally.add(letter.service(), lifeOf(letter.id()).state());
    }
  }

  private void act(ConsumerRecord<byte[], byte[]> record) {
    try {
      Actions.read(record).ifPresent(told -> act(told, record));
    } catch (MalformedEvent | MalformedJson e) {
      // The redriver reads it too, and makes a dead letter of it.
      log.warn(
          "Record {} of {}-{} is no action", record.offset(), record.topic(), record.partition());
    }
  }

  private void act(DeskRecord told, ConsumerRecord<?, ?> record) {
    switch (told) {
      case DeskRecord.OnEntry action -> {
        act(action, record.offset());
        if (action.action() instanceof Decision) {
          audit.add(told, new RecordPosition(record.partition(), record.offset()));
        }
      }
      case DeskRecord.JobStarted(var id, var plan) -> {
        jobs.started(id, plan);
        audit.add(told, new RecordPosition(record.partition(), record.offset()));
      }
      case DeskRecord.JobCancelled(var id, var by, var _) -> {
        jobs.cancelled(id, by);
        audit.add(told, new RecordPosition(record.partition(), record.offset()));
      }
    }
  }

  private void act(DeskRecord.OnEntry told, long offset) {
    EntryHistory before = lifeOf(told.entry());
    EntryHistory life = before.then(told.action(), told.at(), offset);
    lives.put(told.entry(), life);
    if (told.action() instanceof FailedAgain) {
      failedAgain.add(told.entry());
    }
    jobs.on(life);
    @Nullable Letter letter = letters.get(told.entry());
    if (letter != null) {
      tally.move(letter.service(), before.state(), life.state());
    }
  }
}

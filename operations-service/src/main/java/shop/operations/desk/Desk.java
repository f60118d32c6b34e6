package shop.operations.desk;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.common.event.MalformedEvent;
import shop.common.json.MalformedJson;
import shop.common.kafka.Topics;
import shop.operations.Entry;
import shop.operations.Letter;
import shop.operations.Life;

/**
 * Every dead letter, newest first. Letters and actions come by two topics in any order between
 * them, so they are kept apart and put together when asked for. The first letter of an id counts: a
 * service that crashed after giving up gives up again.
 */
public final class Desk {

  private static final Logger log = LoggerFactory.getLogger(Desk.class);

  private final Map<String, Letter> letters = new ConcurrentHashMap<>();
  private final Map<String, Life> lives = new ConcurrentHashMap<>();
  private final NavigableMap<Rank, Letter> newestFirst = new ConcurrentSkipListMap<>();

  /** The entry of an id. */
  public Optional<Entry> find(String id) {
    return Optional.ofNullable(letters.get(id)).map(this::entry);
  }

  /** What became of an id, whether or not its letter was read yet. */
  public Life lifeOf(String id) {
    return lives.getOrDefault(id, Life.START);
  }

  /** All entries, newest first. */
  public Stream<Entry> entries() {
    return newestFirst.values().stream().map(this::entry);
  }

  /** The entries that follow another in the list. */
  Stream<Entry> entriesAfter(Rank rank) {
    return newestFirst.tailMap(rank, false).values().stream().map(this::entry);
  }

  private Entry entry(Letter letter) {
    return new Entry(letter, lifeOf(letter.id()));
  }

  /** Takes a record of either topic; called by one thread, in the order of each partition. */
  void read(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(Topics.DEAD_LETTERS.name())) {
      add(Letter.of(Stored.letter(record), record));
    } else {
      act(record);
    }
  }

  private void add(Letter letter) {
    if (letters.putIfAbsent(letter.id(), letter) == null) {
      newestFirst.put(Rank.of(letter), letter);
    }
  }

  private void act(ConsumerRecord<byte[], byte[]> record) {
    try {
      Actions.read(record)
          .ifPresent(told ->
              lives.merge(
                  told.entry(),
                  Life.START.then(told.action(), told.at(), record.offset()),
                  (life, _) -> life.then(told.action(), told.at(), record.offset())));
    } catch (MalformedEvent | MalformedJson e) {
      // The redriver reads it too, and makes a dead letter of it.
      log.warn(
          "Record {} of {}-{} is no action", record.offset(), record.topic(), record.partition());
    }
  }

  /** An entry's place in the list. */
  record Rank(Instant failedAt, String id) implements Comparable<Rank> {

    private static final Comparator<Rank> NEWEST_FIRST =
        Comparator.comparing(Rank::failedAt).reversed().thenComparing(Rank::id);

    static Rank of(Letter letter) {
      return new Rank(letter.failedAt(), letter.id());
    }

    @Override
    public int compareTo(Rank other) {
      return NEWEST_FIRST.compare(this, other);
    }
  }
}

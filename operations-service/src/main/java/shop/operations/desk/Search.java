package shop.operations.desk;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import shop.operations.Action.FailedAgain;
import shop.operations.DeskEntry;
import shop.operations.EntryHistory;
import shop.operations.RecordPosition;
import shop.operations.desk.ListPosition.Indexed;
import shop.operations.desk.ListPosition.Mark;

/**
 * Finds entries. A text is looked up in the trigrams first, and then in the texts of those entries
 * that may hold it; the log is asked only for large ones.
 */
public final class Search {

  /** Entries that are looked at together, at first and at most. */
  private static final int FIRST = 256;

  private static final int MOST = 8192;

  /** Entries that one thread looks at. */
  private static final int PIECE = 256;

  /** After every id. */
  private static final String LAST_ID = "\uffff";

  private final Desk desk;
  private final LogReader log;

  Search(Desk desk, LogReader log) {
    this.desk = desk;
    this.log = log;
  }

  /**
   * The entries that fit, newest first.
   *
   * @param after the place in the list after which they are looked for; from the start if absent
   * @param limit at most so many
   * @throws LogReader.LogUnreadable if a text is looked for and the log does not give the bytes
   */
  public List<DeskEntry> find(Query query, @Nullable Mark after, int limit) {
    if (query.text() != null) {
      return withText(query, SearchText.of(query.text()), after, limit);
    }
    var ofLife = query.ofLife();
    return letters(query, after)
        .map(one -> desk.entry(one.letter()))
        .filter(ofLife)
        .limit(limit)
        .toList();
  }

  /** All entries that fit, newest first. */
  public List<DeskEntry> all(Query query) {
    return find(query, null, Integer.MAX_VALUE);
  }

  /** An entry whose trigrams do not deny the text. */
  private record Candidate(Indexed indexed, DeskEntry entry) {}

  private List<DeskEntry> withText(Query query, String text, @Nullable Mark after, int limit) {
    Iterator<Candidate> candidates = candidates(query, text, after).iterator();
    List<DeskEntry> found = new ArrayList<>();
    int size = FIRST;
    while (found.size() < limit && candidates.hasNext()) {
      List<Candidate> some = new ArrayList<>();
      while (some.size() < size && candidates.hasNext()) {
        some.add(candidates.next());
      }
      found.addAll(holding(text, some));
      size = Math.min(2 * size, MOST);
    }
    return found.size() > limit ? found.subList(0, limit) : found;
  }

  private Stream<Candidate> candidates(Query query, String text, @Nullable Mark after) {
    BitSet held = desk.texts().mayHold(text);
    Set<String> again =
        desk.failedAgain()
            .filter(id -> failedAgainOf(desk.lifeOf(id), text))
            .collect(Collectors.toSet());
    if (held.isEmpty() && again.isEmpty()) {
      return Stream.empty();
    }
    var ofLife = query.ofLife();
    return letters(query, after)
        .filter(one -> held.get(one.number()) || again.contains(one.id()))
        .map(one -> new Candidate(one, desk.entry(one.letter())))
        .filter(one -> ofLife.test(one.entry()));
  }

  /** Those between the query's times, by what their letters tell. */
  private Stream<Indexed> letters(Query query, @Nullable Mark after) {
    @Nullable Mark start = query.to() == null ? null : new Mark(query.to(), LAST_ID);
    boolean isLater = start == null || (after != null && after.compareTo(start) > 0);
    return desk.after(isLater ? after : start)
        .takeWhile(one -> query.from() == null || !one.failedAt().isBefore(query.from()))
        .filter(one -> query.fits(one.letter()));
  }

  private List<DeskEntry> holding(String text, List<Candidate> candidates) {
    List<List<Candidate>> pieces = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i += PIECE) {
      pieces.add(candidates.subList(i, Math.min(candidates.size(), i + PIECE)));
    }
    Set<RecordPosition> holding = ConcurrentHashMap.newKeySet();
    pieces.parallelStream().forEach(piece -> unpack(piece, text, holding));
    var large =
        candidates.stream()
            .filter(one -> one.indexed().packed() == 0)
            .map(one -> one.entry().letter().place())
            .toList();
    log.letters(
        large,
        (place, letter) -> {
          if (SearchText.of(letter).contains(text)) {
            holding.add(place);
          }
        });
    return candidates.stream()
        .map(Candidate::entry)
        .filter(
            entry -> holding.contains(entry.letter().place()) || failedAgainOf(entry.life(), text))
        .toList();
  }

  private void unpack(List<Candidate> piece, String text, Set<RecordPosition> holding) {
    try (var reader = desk.texts().new Reader()) {
      for (var one : piece) {
        if (one.indexed().packed() > 0 && reader.text(one.indexed()).contains(text)) {
          holding.add(one.entry().letter().place());
        }
      }
    }
  }

  /** True if a text is in the cause of a later failure, which is in memory. */
  private static boolean failedAgainOf(EntryHistory life, String text) {
    return life.history().stream()
        .anyMatch(step ->
            step.action() instanceof FailedAgain again
                && SearchText.of(again.cause()).contains(text));
  }
}

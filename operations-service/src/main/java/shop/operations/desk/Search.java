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
import shop.operations.desk.ListPosition.IndexedEntry;
import shop.operations.desk.ListPosition.SortKey;

/**
 * Finds entries. A text is looked up in the trigram index, then verified in the stored texts of the
 * candidates; only texts too large to be stored are read from the log.
 */
public final class Search {

  /** Candidates in the first batch; each batch is twice as large as the one before. */
  private static final int FIRST_BATCH = 256;

  private static final int MAX_BATCH = 8192;

  /** Candidates that one task verifies. */
  private static final int TASK_SIZE = 256;

  /** Sorts after every id. */
  private static final String LAST_ID = "\uffff";

  private final Desk desk;
  private final LogReader log;

  Search(Desk desk, LogReader log) {
    this.desk = desk;
    this.log = log;
  }

  /**
   * The matching entries, newest first.
   *
   * @param after the position in the list to continue after; absent for the start
   * @param limit the maximum number of entries
   * @throws LogReader.LogUnreadable if the query has a text and a large message cannot be read
   */
  public List<DeskEntry> find(EntryQuery query, @Nullable SortKey after, int limit) {
    if (query.text() != null) {
      return withText(query, SearchText.of(query.text()), after, limit);
    }
    var historyFilter = query.historyFilter();
    return letters(query, after)
        .map(one -> desk.entry(one.letter()))
        .filter(historyFilter)
        .limit(limit)
        .toList();
  }

  /** All matching entries, newest first. */
  public List<DeskEntry> all(EntryQuery query) {
    return find(query, null, Integer.MAX_VALUE);
  }

  /** An entry that may contain the text, according to its trigrams. */
  private record Candidate(IndexedEntry indexed, DeskEntry entry) {}

  private List<DeskEntry> withText(
      EntryQuery query, String text, @Nullable SortKey after, int limit) {
    Iterator<Candidate> candidates = candidates(query, text, after).iterator();
    List<DeskEntry> found = new ArrayList<>();
    int size = FIRST_BATCH;
    while (found.size() < limit && candidates.hasNext()) {
      List<Candidate> batch = new ArrayList<>();
      while (batch.size() < size && candidates.hasNext()) {
        batch.add(candidates.next());
      }
      found.addAll(containing(text, batch));
      size = Math.min(2 * size, MAX_BATCH);
    }
    return found.size() > limit ? found.subList(0, limit) : found;
  }

  private Stream<Candidate> candidates(EntryQuery query, String text, @Nullable SortKey after) {
    BitSet numbers = desk.texts().mayContain(text);
    Set<String> failedAgain =
        desk.failedAgain()
            .filter(id -> failedAgainWith(desk.historyOf(id), text))
            .collect(Collectors.toSet());
    if (numbers.isEmpty() && failedAgain.isEmpty()) {
      return Stream.empty();
    }
    var historyFilter = query.historyFilter();
    return letters(query, after)
        .filter(one -> numbers.get(one.number()) || failedAgain.contains(one.id()))
        .map(one -> new Candidate(one, desk.entry(one.letter())))
        .filter(one -> historyFilter.test(one.entry()));
  }

  /** Entries in the query's time range whose dead letters match. */
  private Stream<IndexedEntry> letters(EntryQuery query, @Nullable SortKey after) {
    @Nullable SortKey start = query.to() == null ? null : new SortKey(query.to(), LAST_ID);
    boolean isLater = start == null || (after != null && after.compareTo(start) > 0);
    return desk.after(isLater ? after : start)
        .takeWhile(one -> query.from() == null || !one.failedAt().isBefore(query.from()))
        .filter(one -> query.matches(one.letter()));
  }

  private List<DeskEntry> containing(String text, List<Candidate> candidates) {
    List<List<Candidate>> tasks = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i += TASK_SIZE) {
      tasks.add(candidates.subList(i, Math.min(candidates.size(), i + TASK_SIZE)));
    }
    Set<RecordPosition> containing = ConcurrentHashMap.newKeySet();
    tasks.parallelStream().forEach(task -> findIn(task, text, containing));
    var large =
        candidates.stream()
            .filter(one -> one.indexed().deflatedLength() == 0)
            .map(one -> one.entry().letter().recordPosition())
            .toList();
    log.deadLetters(
        large,
        (position, letter) -> {
          if (SearchText.of(letter).contains(text)) {
            containing.add(position);
          }
        });
    return candidates.stream()
        .map(Candidate::entry)
        .filter(entry ->
            containing.contains(entry.letter().recordPosition())
                || failedAgainWith(entry.history(), text))
        .toList();
  }

  private void findIn(List<Candidate> candidates, String text, Set<RecordPosition> containing) {
    try (var reader = desk.texts().new Reader()) {
      for (var one : candidates) {
        if (one.indexed().deflatedLength() > 0 && reader.text(one.indexed()).contains(text)) {
          containing.add(one.entry().letter().recordPosition());
        }
      }
    }
  }

  /** True if the cause of a repeated failure, which is in memory, contains the text. */
  private static boolean failedAgainWith(EntryHistory history, String text) {
    return history.steps().stream()
        .anyMatch(step ->
            step.action() instanceof FailedAgain again
                && SearchText.of(again.cause()).contains(text));
  }
}

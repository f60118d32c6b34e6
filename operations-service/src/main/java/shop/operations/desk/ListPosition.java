package shop.operations.desk;

import java.time.Instant;
import java.util.Comparator;
import shop.operations.DeadLetterSummary;

/** A position in the list of entries, which is sorted newest first. */
public sealed interface ListPosition extends Comparable<ListPosition> {

  Comparator<ListPosition> NEWEST_FIRST =
      Comparator.comparing(ListPosition::failedAt).reversed().thenComparing(ListPosition::id);

  Instant failedAt();

  String id();

  @Override
  default int compareTo(ListPosition other) {
    return NEWEST_FIRST.compare(this, other);
  }

  /** A position, whether or not it has an entry. */
  record SortKey(Instant failedAt, String id) implements ListPosition {}

  /**
   * A dead letter in the index.
   *
   * @param number consecutive number of the entry in the text index, from 0
   * @param address of its deflated text
   * @param deflatedLength of its text, in bytes; 0 if the text is too large and not kept in memory
   * @param dictionary index of the dictionary that the text is deflated with
   * @param textLength before deflation, in bytes
   */
  record IndexedEntry(
      DeadLetterSummary letter,
      int number,
      long address,
      short deflatedLength,
      byte dictionary,
      int textLength)
      implements ListPosition {
    @Override
    public Instant failedAt() {
      return letter.failedAt();
    }

    @Override
    public String id() {
      return letter.id();
    }
  }
}

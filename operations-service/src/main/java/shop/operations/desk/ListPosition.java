package shop.operations.desk;

import java.time.Instant;
import java.util.Comparator;
import shop.operations.Letter;

/** Something with a place in the list of entries, newest first. */
public sealed interface ListPosition extends Comparable<ListPosition> {

  Comparator<ListPosition> NEWEST_FIRST =
      Comparator.comparing(ListPosition::failedAt).reversed().thenComparing(ListPosition::id);

  Instant failedAt();

  String id();

  @Override
  default int compareTo(ListPosition other) {
    return NEWEST_FIRST.compare(this, other);
  }

  /** A place in the list, whether or not there is an entry. */
  record Mark(Instant failedAt, String id) implements ListPosition {}

  /**
   * A dead letter in the index.
   *
   * @param number of those that were indexed before
   * @param start where its deflated text is
   * @param packed how long that is, in bytes; 0 if it is too large
   * @param dictionary by which it is deflated
   * @param length of its text, in bytes
   */
  record Indexed(Letter letter, int number, long start, short packed, byte dictionary, int length)
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

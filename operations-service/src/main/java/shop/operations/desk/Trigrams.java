package shop.operations.desk;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * An inverted index from trigrams, sequences of three characters, to the texts that contain them
 * (R. Cox, Regular Expression Matching with a Trigram Index, 2012). It has false positives but no
 * false negatives: letters and digits are distinct, other characters fall into {@value #OTHERS}
 * classes.
 */
final class Trigrams {

  /** Shorter texts have no trigrams. */
  static final int LENGTH = 3;

  /** Texts with more trigrams, mostly large random data, are candidates for every query. */
  private static final int MAX_TRIGRAMS = 4096;

  private static final int SYMBOL_BITS = 6;
  private static final int KEYS = 1 << (LENGTH * SYMBOL_BITS);
  private static final int LETTERS = 26;
  private static final int DIGITS = 10;
  private static final int OTHERS = 28;

  private final OffHeapMemory memory = new OffHeapMemory();
  private final @Nullable Postings[] lists = new @Nullable Postings[KEYS];
  private final Postings unindexed = new Postings(memory);
  private final BitSet seen = new BitSet(KEYS);
  private final int[] keys = new int[MAX_TRIGRAMS];

  /** Adds a text; its number must be larger than all others. */
  synchronized void add(int number, String text) {
    int count = distinct(text);
    if (count == MAX_TRIGRAMS) {
      unindexed.add(number);
      return;
    }
    for (int i = 0; i < count; i++) {
      Postings list = lists[keys[i]];
      if (list == null) {
        list = new Postings(memory);
        lists[keys[i]] = list;
      }
      list.add(number);
    }
  }

  /** The numbers of all texts that may contain this one. */
  synchronized BitSet mayContain(String text) {
    BitSet all = unindexed.bits();
    all.or(containing(text));
    return all;
  }

  private BitSet containing(String text) {
    var wanted = new Postings[distinct(text)];
    for (int i = 0; i < wanted.length; i++) {
      Postings list = lists[keys[i]];
      if (list == null) {
        return new BitSet();
      }
      wanted[i] = list;
    }
    Arrays.sort(wanted, Comparator.comparingInt(Postings::size));
    BitSet numbers = wanted[0].bits();
    for (int i = 1; i < wanted.length && !numbers.isEmpty(); i++) {
      numbers.and(wanted[i].bits());
    }
    return numbers;
  }

  /**
   * Writes up to {@link #MAX_TRIGRAMS} distinct trigrams of a text into {@link #keys}; their
   * number.
   */
  private int distinct(String text) {
    int count = 0;
    int key = 0;
    for (int i = 0; i < text.length() && count < MAX_TRIGRAMS; i++) {
      key = (key << SYMBOL_BITS | symbol(text.charAt(i))) & (KEYS - 1);
      if (i >= LENGTH - 1 && !seen.get(key)) {
        seen.set(key);
        keys[count++] = key;
      }
    }
    for (int i = 0; i < count; i++) {
      seen.clear(keys[i]);
    }
    return count;
  }

  private static int symbol(char c) {
    if (c >= 'a' && c <= 'z') {
      return c - 'a';
    }
    if (c >= '0' && c <= '9') {
      return LETTERS + c - '0';
    }
    return LETTERS + DIGITS + c % OTHERS;
  }
}

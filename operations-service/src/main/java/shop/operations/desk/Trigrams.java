package shop.operations.desk;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Which texts hold which sequences of three characters: an inverted index (R. Cox, Regular
 * Expression Matching with a Trigram Index, 2012). It never denies a text that is there. Letters
 * and digits are told apart, other characters by {@value #OTHERS} classes.
 */
final class Trigrams {

  /** Shorter texts have none. */
  static final int LENGTH = 3;

  /** Texts with more, which are large and mostly noise, are taken to hold everything. */
  private static final int MOST = 4096;

  private static final int SYMBOL_BITS = 6;
  private static final int KEYS = 1 << (LENGTH * SYMBOL_BITS);
  private static final int LETTERS = 26;
  private static final int DIGITS = 10;
  private static final int OTHERS = 28;

  private final OffHeapMemory slabs = new OffHeapMemory();
  private final @Nullable Postings[] lists = new @Nullable Postings[KEYS];
  private final Postings noise = new Postings(slabs);
  private final BitSet seen = new BitSet(KEYS);
  private final int[] keys = new int[MOST];

  /** Takes a text in, by a number above all others. */
  synchronized void add(int number, String text) {
    int count = distinct(text);
    if (count == MOST) {
      noise.add(number);
      return;
    }
    for (int i = 0; i < count; i++) {
      Postings list = lists[keys[i]];
      if (list == null) {
        list = new Postings(slabs);
        lists[keys[i]] = list;
      }
      list.add(number);
    }
  }

  /** The numbers of all texts but those that do not hold this one. */
  synchronized BitSet mayHold(String text) {
    BitSet all = noise.bits();
    all.or(holding(text));
    return all;
  }

  private BitSet holding(String text) {
    var wanted = new Postings[distinct(text)];
    for (int i = 0; i < wanted.length; i++) {
      Postings list = lists[keys[i]];
      if (list == null) {
        return new BitSet();
      }
      wanted[i] = list;
    }
    Arrays.sort(wanted, Comparator.comparingInt(Postings::size));
    BitSet held = wanted[0].bits();
    for (int i = 1; i < wanted.length && !held.isEmpty(); i++) {
      held.and(wanted[i].bits());
    }
    return held;
  }

  /** How many keys a text has, {@link #MOST} if more; they are in {@link #keys}. */
  private int distinct(String text) {
    int count = 0;
    int key = 0;
    for (int i = 0; i < text.length() && count < MOST; i++) {
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

  private static int symbol(char one) {
    if (one >= 'a' && one <= 'z') {
      return one - 'a';
    }
    if (one >= '0' && one <= '9') {
      return LETTERS + one - '0';
    }
    return LETTERS + DIGITS + one % OTHERS;
  }
}

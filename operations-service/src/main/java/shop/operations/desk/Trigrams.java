package shop.operations.desk;

/**
 * Which sequences of three characters occur in a text: a Bloom filter of one hash (B. Bloom, CACM
 * 13-7, 1970), 32 to 1024 bytes for any text. It never denies a text that is there, so that only
 * few entries' bytes are read from the log to search them all.
 */
final class Trigrams {

  /** Shorter texts have none. */
  static final int LENGTH = 3;

  private static final int MOST_WORDS = 128;
  private static final int FEWEST_WORDS = 4;

  /** Share of bits set, above which a text of five characters would be found too often. */
  private static final double FULL = 0.4;

  private Trigrams() {}

  /** The filter of a text. */
  static long[] of(String text) {
    var bits = new long[MOST_WORDS];
    for (int i = 0; i + LENGTH <= text.length(); i++) {
      int hash = hash(text, i);
      bits[word(hash, MOST_WORDS)] |= 1L << hash;
    }
    return folded(bits);
  }

  /** The hashes of a text that is looked for. */
  static int[] sought(String text) {
    var hashes = new int[Math.max(0, text.length() - LENGTH + 1)];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = hash(text, i);
    }
    return hashes;
  }

  /** Halves a filter while it stays sparse enough. */
  private static long[] folded(long[] bits) {
    if (bits.length == FEWEST_WORDS) {
      return bits;
    }
    var half = new long[bits.length / 2];
    int set = 0;
    for (int i = 0; i < half.length; i++) {
      half[i] = bits[i] | bits[i + half.length];
      set += Long.bitCount(half[i]);
    }
    return set > FULL * half.length * Long.SIZE ? bits : folded(half);
  }

  /** Which word of a filter has a hash's bit. */
  static int word(int hash, int words) {
    return (hash >>> 6) & (words - 1);
  }

  /** The finalizer of MurmurHash3 (A. Appleby) over the three characters. */
  private static int hash(String text, int at) {
    int hash = (text.charAt(at) * 31 + text.charAt(at + 1)) * 31 + text.charAt(at + 2);
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return hash ^ (hash >>> 16);
  }
}

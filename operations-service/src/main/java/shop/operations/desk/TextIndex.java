package shop.operations.desk;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import shop.operations.Letter;
import shop.operations.desk.ListPosition.Indexed;

/**
 * The texts of all entries: their trigrams, and the texts themselves unless they are large,
 * deflated with an earlier text of the same kind for a dictionary. One thread adds, any thread
 * reads what was handed out.
 */
final class TextIndex {

  /** What does not fit in is read from the log when it is searched, in bytes. */
  private static final int LARGEST = 2048;

  private static final int MOST_DICTIONARIES = 127;
  private static final int LARGEST_DICTIONARY = 4096;

  private final Trigrams trigrams = new Trigrams();
  private final OffHeapMemory slabs = new OffHeapMemory();
  private final List<byte[]> dictionaries = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> kinds = new HashMap<>();
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final byte[] packed = new byte[LARGEST];
  private int count;

  /** Takes a letter in, with the text that is searched. */
  Indexed add(Letter letter, String text) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    int dictionary = dictionary(letter.service() + " " + letter.eventType(), plain);
    deflater.reset();
    deflater.setDictionary(dictionaries.get(dictionary));
    deflater.setInput(plain);
    deflater.finish();
    int size = deflater.deflate(packed);
    if (!deflater.finished()) {
      size = 0;
    }
    long start = slabs.room(size);
    slabs.slab(start).put(OffHeapMemory.within(start), packed, 0, size);
    trigrams.add(count, text);
    return new Indexed(letter, count++, start, (short) size, (byte) dictionary, plain.length);
  }

  /** The first text of a kind serves the others. */
  private int dictionary(String kind, byte[] text) {
    var known = kinds.get(kind);
    if (known != null || dictionaries.size() >= MOST_DICTIONARIES) {
      return known == null ? 0 : known;
    }
    int size = Math.min(text.length, LARGEST_DICTIONARY);
    dictionaries.add(Arrays.copyOf(text, size));
    kinds.put(kind, dictionaries.size() - 1);
    return dictionaries.size() - 1;
  }

  /** The numbers of all entries but those whose texts do not hold this one. */
  BitSet mayHold(String text) {
    return trigrams.mayHold(text);
  }

  /** Unpacks texts, for one thread. */
  final class Reader implements AutoCloseable {

    private final Inflater inflater = new Inflater(true);

    /** The text of one that is not too large to be here. */
    String text(Indexed one) {
      var deflated = slabs.slab(one.start()).slice(OffHeapMemory.within(one.start()), one.packed());
      var plain = new byte[one.length()];
      try {
        inflater.reset();
        inflater.setDictionary(dictionaries.get(one.dictionary()));
        inflater.setInput(deflated);
        int done = inflater.inflate(plain);
        return new String(plain, 0, done, StandardCharsets.UTF_8);
      } catch (DataFormatException e) {
        throw new IllegalStateException("The index of texts is broken; restart the service", e);
      }
    }

    @Override
    public void close() {
      inflater.end();
    }
  }
}

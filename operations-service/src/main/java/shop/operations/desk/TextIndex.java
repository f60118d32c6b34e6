package shop.operations.desk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import shop.operations.Letter;
import shop.operations.desk.Ranked.Indexed;

/**
 * The texts of all entries: their trigrams, and the texts themselves unless they are large,
 * deflated with an earlier text of the same kind for a dictionary. All this lies outside of the
 * heap, where it is no work for the collector. One thread adds, any thread reads what was handed
 * out.
 */
final class TextIndex {

  private static final int SLAB = 1 << 20;

  /** What does not fit in is read from the log when it is searched, in bytes. */
  private static final int LARGEST = 2048;

  private static final int MOST_DICTIONARIES = 127;
  private static final int LARGEST_DICTIONARY = 4096;

  private final List<ByteBuffer> slabs = new CopyOnWriteArrayList<>();
  private final List<byte[]> dictionaries = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> kinds = new HashMap<>();
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final byte[] packed = new byte[LARGEST];
  private int next;

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
    long[] trigrams = Trigrams.of(text);
    int start = room(trigrams.length * Long.BYTES + size);
    var slab = slabs.getLast();
    for (int i = 0; i < trigrams.length; i++) {
      slab.putLong(start + i * Long.BYTES, trigrams[i]);
    }
    slab.put(start + trigrams.length * Long.BYTES, packed, 0, size);
    return new Indexed(
        letter,
        slabs.size() - 1,
        start,
        (short) trigrams.length,
        (short) size,
        (byte) dictionary,
        plain.length);
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

  /** Where in the last slab there is room. */
  private int room(int bytes) {
    int aligned = (bytes + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    if (slabs.isEmpty() || next + aligned > SLAB) {
      slabs.add(ByteBuffer.allocateDirect(SLAB));
      next = 0;
    }
    int start = next;
    next += aligned;
    return start;
  }

  /** False only if the text does not contain the one that is looked for. */
  boolean mayContain(Indexed one, int[] sought) {
    var slab = slabs.get(one.slab());
    int start = one.start();
    for (int hash : sought) {
      long word = slab.getLong(start + Trigrams.word(hash, one.words()) * Long.BYTES);
      if ((word & (1L << hash)) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Unpacks texts, for one thread. */
  final class Reader implements AutoCloseable {

    private final Inflater inflater = new Inflater(true);

    /** The text of one that is not too large to be here. */
    String text(Indexed one) {
      var deflated =
          slabs.get(one.slab()).slice(one.start() + one.words() * Long.BYTES, one.packed());
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

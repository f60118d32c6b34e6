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
import shop.operations.DeadLetterSummary;
import shop.operations.desk.ListPosition.IndexedEntry;

/**
 * The texts of all entries: their trigrams, and the texts themselves unless they are large. Texts
 * are deflated with an earlier text of the same service and event type as the dictionary. One
 * thread adds; any thread may read.
 */
final class TextIndex {

  /** Texts that deflate to more bytes are not stored; searches read them from the log. */
  private static final int MAX_DEFLATED_BYTES = 2048;

  private static final int MAX_DICTIONARIES = 127;
  private static final int MAX_DICTIONARY_BYTES = 4096;

  private final Trigrams trigrams = new Trigrams();
  private final OffHeapMemory memory = new OffHeapMemory();
  private final List<byte[]> dictionaries = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> kinds = new HashMap<>();
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final byte[] buffer = new byte[MAX_DEFLATED_BYTES];
  private int count;

  /** Adds a dead letter with its searchable text. */
  IndexedEntry add(DeadLetterSummary letter, String text) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    int dictionary = dictionary(letter.service() + " " + letter.eventType(), plain);
    deflater.reset();
    deflater.setDictionary(dictionaries.get(dictionary));
    deflater.setInput(plain);
    deflater.finish();
    int size = deflater.deflate(buffer);
    if (!deflater.finished()) {
      size = 0;
    }
    long address = memory.allocate(size);
    memory.slabAt(address).put(OffHeapMemory.offsetInSlab(address), buffer, 0, size);
    trigrams.add(count, text);
    return new IndexedEntry(
        letter, count++, address, (short) size, (byte) dictionary, plain.length);
  }

  /** The first text of a kind becomes the dictionary of the others. */
  private int dictionary(String kind, byte[] text) {
    var known = kinds.get(kind);
    if (known != null || dictionaries.size() >= MAX_DICTIONARIES) {
      return known == null ? 0 : known;
    }
    int size = Math.min(text.length, MAX_DICTIONARY_BYTES);
    dictionaries.add(Arrays.copyOf(text, size));
    kinds.put(kind, dictionaries.size() - 1);
    return dictionaries.size() - 1;
  }

  /** The numbers of all entries whose texts may contain this one; there are no false negatives. */
  BitSet mayContain(String text) {
    return trigrams.mayContain(text);
  }

  /** Inflates texts; not thread-safe. */
  final class Reader implements AutoCloseable {

    private final Inflater inflater = new Inflater(true);

    /** The text of an entry whose text is stored. */
    String text(IndexedEntry entry) {
      var deflated =
          memory
              .slabAt(entry.address())
              .slice(OffHeapMemory.offsetInSlab(entry.address()), entry.deflatedLength());
      var plain = new byte[entry.textLength()];
      try {
        inflater.reset();
        inflater.setDictionary(dictionaries.get(entry.dictionary()));
        inflater.setInput(deflated);
        int length = inflater.inflate(plain);
        return new String(plain, 0, length, StandardCharsets.UTF_8);
      } catch (DataFormatException e) {
        throw new IllegalStateException(
            "The text index is corrupt; restart the service to rebuild it", e);
      }
    }

    @Override
    public void close() {
      inflater.end();
    }
  }
}

package shop.operations.desk;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * A list of numbers that rise, as gaps and runs of variable length: a byte for a number among a few
 * dozen, next to nothing for neighbours. Its bytes lie in chunks, each of which ends with the next
 * one's address.
 */
final class Postings {

  private static final int CHUNK = 64;
  private static final int USED = CHUNK - Long.BYTES;

  private final OffHeapMemory slabs;
  private final long first;
  private long last;
  private int size;

  /** Where the runs end that are written, and the run that is not, because it may go on. */
  private int end;

  private int from;
  private int to;

  Postings(OffHeapMemory slabs) {
    this.slabs = slabs;
    this.first = slabs.room(CHUNK);
    this.last = first;
  }

  /** Appends a number above all that are there. */
  void add(int number) {
    if (number != to) {
      write();
      from = number;
    }
    to = number + 1;
  }

  private void write() {
    int more = to - from - 1;
    if (more >= 0) {
      put((from - end) << 1 | (more > 0 ? 1 : 0));
      if (more > 0) {
        put(more);
      }
      end = to;
    }
  }

  /** Seven bits a byte, the lowest first; the highest bit says that more follow. */
  private void put(int value) {
    int left = value;
    while (left > 127) {
      putByte(left | 128);
      left >>>= 7;
    }
    putByte(left);
  }

  private void putByte(int value) {
    int place = size % USED;
    if (place == 0 && size > 0) {
      long next = slabs.room(CHUNK);
      slabs.slab(last).putLong(OffHeapMemory.within(last) + USED, next);
      last = next;
    }
    slabs.slab(last).put(OffHeapMemory.within(last) + place, (byte) value);
    size++;
  }

  /** How much is written, in bytes: what it costs to read. */
  int size() {
    return size;
  }

  /** All numbers. */
  BitSet bits() {
    var bits = new BitSet(to);
    var reader = new Reader();
    int at = 0;
    while (reader.read < size) {
      int head = reader.next();
      int begin = at + (head >>> 1);
      at = begin + 1 + ((head & 1) == 0 ? 0 : reader.next());
      bits.set(begin, at);
    }
    bits.set(from, to);
    return bits;
  }

  /** Goes through what is written. */
  private final class Reader {

    private ByteBuffer slab = slabs.slab(first);
    private int chunk = OffHeapMemory.within(first);
    private int read;

    int next() {
      int value = 0;
      for (int shift = 0; ; shift += 7) {
        int one = nextByte();
        value |= (one & 127) << shift;
        if (one >= 0) {
          return value;
        }
      }
    }

    private int nextByte() {
      int place = read % USED;
      if (place == 0 && read > 0) {
        long next = slab.getLong(chunk + USED);
        slab = slabs.slab(next);
        chunk = OffHeapMemory.within(next);
      }
      read++;
      return slab.get(chunk + place);
    }
  }
}

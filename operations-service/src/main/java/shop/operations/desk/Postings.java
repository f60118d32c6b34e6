package shop.operations.desk;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * A posting list: ascending numbers, stored as gaps and run lengths in variable-length encoding. A
 * number takes about one byte if one in a few dozen is in the list; a run of consecutive numbers
 * takes a few bytes. The bytes are stored in chunks; each chunk ends with the address of the next.
 */
final class Postings {

  private static final int CHUNK = 64;
  private static final int USED = CHUNK - Long.BYTES;

  private final OffHeapMemory memory;
  private final long first;
  private long last;
  private int size;

  /** The end of the last written run. */
  private int end;

  /** The current run [from, to), which is not written yet because it may grow. */
  private int from;

  private int to;

  Postings(OffHeapMemory memory) {
    this.memory = memory;
    this.first = memory.allocate(CHUNK);
    this.last = first;
  }

  /** Appends a number that is larger than all others. */
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

  /** Little-endian base 128: seven bits a byte; the high bit marks that more bytes follow. */
  private void put(int value) {
    int rest = value;
    while (rest > 127) {
      putByte(rest | 128);
      rest >>>= 7;
    }
    putByte(rest);
  }

  private void putByte(int value) {
    int index = size % USED;
    if (index == 0 && size > 0) {
      long next = memory.allocate(CHUNK);
      memory.slabAt(last).putLong(OffHeapMemory.offsetInSlab(last) + USED, next);
      last = next;
    }
    memory.slabAt(last).put(OffHeapMemory.offsetInSlab(last) + index, (byte) value);
    size++;
  }

  /** The written bytes, which determine the cost of reading the list. */
  int size() {
    return size;
  }

  /** All numbers. */
  BitSet bits() {
    var bits = new BitSet(to);
    var reader = new Reader();
    int at = 0;
    while (reader.read < size) {
      int gap = reader.next();
      int begin = at + (gap >>> 1);
      at = begin + 1 + ((gap & 1) == 0 ? 0 : reader.next());
      bits.set(begin, at);
    }
    bits.set(from, to);
    return bits;
  }

  /** Decodes the written bytes from the start. */
  private final class Reader {

    private ByteBuffer slab = memory.slabAt(first);
    private int chunk = OffHeapMemory.offsetInSlab(first);
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
      int index = read % USED;
      if (index == 0 && read > 0) {
        long next = slab.getLong(chunk + USED);
        slab = memory.slabAt(next);
        chunk = OffHeapMemory.offsetInSlab(next);
      }
      read++;
      return slab.get(chunk + index);
    }
  }
}

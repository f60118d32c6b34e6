package shop.operations.desk;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Allocates memory outside the Java heap, which does not burden the garbage collector; memory is
 * never freed. One thread allocates and writes; any thread may read.
 */
final class OffHeapMemory {

  private static final int SLAB_BITS = 20;
  private static final int SLAB_BYTES = 1 << SLAB_BITS;

  private final List<ByteBuffer> slabs = new CopyOnWriteArrayList<>();
  private int next;

  /** Allocates contiguous bytes, at most one megabyte, and returns their address. */
  long allocate(int bytes) {
    if (slabs.isEmpty() || next + bytes > SLAB_BYTES) {
      slabs.add(ByteBuffer.allocateDirect(SLAB_BYTES));
      next = 0;
    }
    long address = (long) (slabs.size() - 1) << SLAB_BITS | next;
    next += bytes;
    return address;
  }

  /** The slab that contains an address. */
  ByteBuffer slabAt(long address) {
    return slabs.get((int) (address >> SLAB_BITS));
  }

  /** The offset of an address in its slab. */
  static int offsetInSlab(long address) {
    return (int) address & (SLAB_BYTES - 1);
  }
}

package shop.operations.desk;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Room outside of the heap, where it is no work for the collector; never given back. One thread
 * takes and writes, any thread reads what was handed out.
 */
final class OffHeapMemory {

  private static final int SLAB_BITS = 20;
  private static final int SLAB = 1 << SLAB_BITS;

  private final List<ByteBuffer> slabs = new CopyOnWriteArrayList<>();
  private int next;

  /** Where there is room for so many bytes in one piece, a megabyte at most. */
  long room(int bytes) {
    if (slabs.isEmpty() || next + bytes > SLAB) {
      slabs.add(ByteBuffer.allocateDirect(SLAB));
      next = 0;
    }
    long at = (long) (slabs.size() - 1) << SLAB_BITS | next;
    next += bytes;
    return at;
  }

  ByteBuffer slab(long at) {
    return slabs.get((int) (at >> SLAB_BITS));
  }

  /** Where in its slab an address lies. */
  static int within(long at) {
    return (int) at & (SLAB - 1);
  }
}

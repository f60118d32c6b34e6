package shop.local.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Ports that only one process at a time looks into. Between finding a port free and listening on it
 * there is time for another process to find it, too; a lock on a file, which ends with the process,
 * keeps the others away.
 */
final class PortSlice implements AutoCloseable {

  // Below the range that Linux hands out to outgoing connections.
  private static final int LOWEST = 20_000;
  private static final int PORTS = 500;
  private static final int SLICES = 24;

  private final FileLock lock;
  private final int first;
  private int next;

  private PortSlice(FileLock lock, int first) {
    this.lock = lock;
    this.first = first;
    this.next = first;
  }

  /**
   * The first slice that nobody has.
   *
   * @throws IOException if all are taken, or the locks cannot be made
   */
  static PortSlice claim() throws IOException {
    var folder =
        Path.of(
            System.getProperty("java.io.tmpdir"), "shop-ports-" + System.getProperty("user.name"));
    Files.createDirectories(folder);
    for (int i = 0; i < SLICES; i++) {
      @Nullable FileLock lock = lock(folder.resolve(Integer.toString(i)));
      if (lock != null) {
        return new PortSlice(lock, LOWEST + i * PORTS);
      }
    }
    throw new IOException(SLICES + " processes use local ports; wait for one to end");
  }

  private static @Nullable FileLock lock(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException ours) {
      // Taken by this very process.
    }
    if (lock == null) {
      channel.close();
    }
    return lock;
  }

  /** The first of so many ports in a row that nothing listens on. */
  synchronized int freeBlock(int size) {
    for (int attempt = 0; attempt < PORTS; attempt++) {
      int found = next + size <= first + PORTS ? next : first;
      next = found + size;
      if (allFree(found, size)) {
        return found;
      }
    }
    throw new UncheckedIOException(
        new IOException("No %d free ports in a row from %d on".formatted(size, first)));
  }

  private static boolean allFree(int found, int size) {
    for (int port = found; port < found + size; port++) {
      if (!Ports.free(port)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    lock.acquiredBy().close();
  }
}

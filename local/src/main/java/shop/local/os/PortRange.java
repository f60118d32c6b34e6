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
 * A range of ports that this process has reserved. Between finding a port free and listening on it,
 * another process could find the same port; a lock on a file, which the system releases when the
 * process ends, reserves the whole range.
 */
final class PortRange implements AutoCloseable {

  // Below the ephemeral ports, which Linux assigns to outgoing connections (from 32768).
  private static final int LOWEST = 20_000;
  private static final int PORTS = 500;
  private static final int RANGES = 24;

  private final FileLock lock;
  private final int first;
  private int next;

  private PortRange(FileLock lock, int first) {
    this.lock = lock;
    this.first = first;
    this.next = first;
  }

  /**
   * Reserves the first range that no process has reserved.
   *
   * @throws IOException if all are reserved, or a lock file cannot be created
   */
  static PortRange reserve() throws IOException {
    var folder =
        Path.of(
            System.getProperty("java.io.tmpdir"), "shop-ports-" + System.getProperty("user.name"));
    Files.createDirectories(folder);
    for (int i = 0; i < RANGES; i++) {
      @Nullable FileLock lock = lock(folder.resolve(Integer.toString(i)));
      if (lock != null) {
        return new PortRange(lock, LOWEST + i * PORTS);
      }
    }
    throw new IOException(
        RANGES
            + " processes have reserved local ports, which is the limit. Wait until one of them ends.");
  }

  private static @Nullable FileLock lock(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException own) {
      // This process itself holds the lock.
    }
    if (lock == null) {
      channel.close();
    }
    return lock;
  }

  /** The first of {@code size} consecutive ports on which nothing listens. */
  synchronized int freeBlock(int size) {
    for (int attempt = 0; attempt < PORTS; attempt++) {
      int candidate = next + size <= first + PORTS ? next : first;
      next = candidate + size;
      if (allFree(candidate, size)) {
        return candidate;
      }
    }
    throw new UncheckedIOException(
        new IOException(
            "There are no %d consecutive free ports from %d on.".formatted(size, first)));
  }

  private static boolean allFree(int firstPort, int size) {
    for (int port = firstPort; port < firstPort + size; port++) {
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

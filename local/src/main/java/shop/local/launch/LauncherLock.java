package shop.local.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import shop.local.DataFolders;
import shop.local.os.Probe;

/**
 * A file lock that at most one launcher holds per data folder. The system releases it when the
 * launcher ends in any way.
 */
final class LauncherLock implements AutoCloseable {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  private final FileChannel channel;
  private final FileLock lock;

  private LauncherLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /** Acquires the lock; empty if another launcher holds it. */
  static Optional<LauncherLock> tryAcquire(DataFolders folders) {
    try {
      Files.createDirectories(folders.root());
      var channel =
          FileChannel.open(
              folders.root().resolve("launcher.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      var lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        return Optional.empty();
      }
      return Optional.of(new LauncherLock(channel, lock));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, but waits for another launcher to end. */
  static Optional<LauncherLock> acquire(DataFolders folders, Duration timeout) {
    var lock = new AtomicReference<Optional<LauncherLock>>(Optional.empty());
    Probe.poll(
        timeout,
        POLL_INTERVAL,
        () -> {
          lock.set(tryAcquire(folders));
          return lock.get().isPresent();
        });
    return lock.get();
  }

  @Override
  public void close() {
    try {
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

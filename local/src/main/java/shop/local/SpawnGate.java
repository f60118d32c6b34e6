package shop.local;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import shop.local.os.LaunchException;

/**
 * Lets processes be spawned until it is closed. When {@link #close} has returned, every process has
 * its pid file and no further one appears, so that a stop finds all of them.
 */
final class SpawnGate implements AutoCloseable {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private volatile boolean closed;

  /**
   * Spawns a process.
   *
   * @throws LaunchException if the gate is closed
   */
  void spawn(Runnable spawn) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new LaunchException("The platform is being stopped.");
      }
      spawn.run();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Waits for the spawns that have begun. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
    } finally {
      lock.writeLock().unlock();
    }
  }
}

package shop.sandbox.web;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One call at a time decides about an intent; now and then two intents share a lock. */
final class IntentLocks {

  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(1024).toArray(ReentrantLock[]::new);

  /** Does the work under the lock of an intent; without one if there is no intent yet. */
  <T> T hold(@Nullable String intent, Supplier<T> work) {
    if (intent == null) {
      return work.get();
    }
    var lock = locks[Math.floorMod(intent.hashCode(), locks.length)];
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}

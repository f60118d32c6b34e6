package shop.sandbox.web;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Striped locks that serialize the calls for an intent; two intents may share a lock. */
final class IntentLocks {

  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(1024).toArray(ReentrantLock[]::new);

  /** Runs the action under the intent's lock, or without a lock if there is no intent yet. */
  <T> T withLock(@Nullable String intent, Supplier<T> action) {
    if (intent == null) {
      return action.get();
    }
    var lock = locks[Math.floorMod(intent.hashCode(), locks.length)];
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}

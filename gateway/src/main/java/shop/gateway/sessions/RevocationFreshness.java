package shop.gateway.sessions;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import shop.common.kafka.TopicFollower;
import shop.common.lifecycle.Phases;

/**
 * Tracks whether the revocations in memory are up to date: it regularly queries the end offsets of
 * the topic revocations and waits until everything before them has been read. While they are not,
 * it ends the event streams whose sessions Redis does not have any more.
 */
@Component
final class RevocationFreshness implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(RevocationFreshness.class);

  private final TopicFollower revocationsFollower;
  private final Revocations revocations;
  private final SessionStore store;
  private final SessionSettings settings;
  private volatile boolean confirmed;
  private volatile long confirmedAt;
  private @Nullable Thread thread;

  RevocationFreshness(
      TopicFollower revocationsFollower,
      Revocations revocations,
      SessionStore store,
      SessionSettings settings) {
    this.revocationsFollower = revocationsFollower;
    this.revocations = revocations;
    this.store = store;
    this.settings = settings;
  }

  /** False until the topic has been read to its end, and if the last confirmation is too old. */
  boolean isFresh() {
    return confirmed && System.nanoTime() - confirmedAt < settings.staleAfter().toNanos();
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("revocation-freshness").start(this::run);
  }

  private void run() {
    try {
      revocationsFollower.awaitCaughtUp();
      boolean stale = false;
      while (!Thread.currentThread().isInterrupted()) {
        boolean fresh = check();
        if (fresh == stale) {
          log.warn(
              fresh
                  ? "Revocations are up to date again; sessions are checked in memory"
                  : "Cannot read the topic revocations to its end; checking sessions in Redis");
          stale = !fresh;
        }
        if (stale) {
          endStreams();
        }
        TimeUnit.NANOSECONDS.sleep(settings.freshnessInterval().toNanos());
      }
    } catch (InterruptedException e) {
      log.debug("Stopped checking whether revocations are up to date", e);
    }
  }

  private void endStreams() {
    try {
      for (var session : revocations.awaited()) {
        if (store.find(session).isEmpty()) {
          revocations.complete(session);
        }
      }
    } catch (RuntimeException e) {
      log.debug("Redis does not tell whether the sessions of event streams have ended", e);
    }
  }

  private boolean check() throws InterruptedException {
    long startedAt = System.nanoTime();
    try {
      if (!revocationsFollower.awaitCurrentEnd(settings.staleAfter().dividedBy(2))) {
        return false;
      }
    } catch (RuntimeException e) {
      log.warn("The end offsets of the topic revocations cannot be queried; trying again", e);
      return false;
    }
    confirmedAt = startedAt;
    confirmed = true;
    return true;
  }

  @Override
  public void stop() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  @Override
  public int getPhase() {
    return Phases.AFTER_FOLLOWERS;
  }
}

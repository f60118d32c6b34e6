package shop.gateway.sessions;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import shop.common.kafka.TopicFollower;
import shop.common.lifecycle.Phases;

/** Tells how long ago everything was known that the topic of revocations held. */
@Component
final class RevocationFreshness implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(RevocationFreshness.class);

  private final TopicFollower revocationsFollower;
  private final SessionSettings settings;
  private volatile boolean known;
  private volatile long knownAt;
  private @Nullable Thread thread;

  RevocationFreshness(TopicFollower revocationsFollower, SessionSettings settings) {
    this.revocationsFollower = revocationsFollower;
    this.settings = settings;
  }

  /** False before the end was reached first, and when it has not been for too long. */
  boolean current() {
    return known && System.nanoTime() - knownAt < settings.staleAfter().toNanos();
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("revocations-pulse").start(this::run);
  }

  private void run() {
    try {
      revocationsFollower.awaitCaughtUp();
      boolean lost = false;
      while (!Thread.currentThread().isInterrupted()) {
        boolean reached = beat();
        if (reached == lost) {
          log.warn(
              reached
                  ? "The end of the revocations is known again"
                  : "The end of the revocations cannot be reached; Redis is asked about sessions");
          lost = !reached;
        }
        TimeUnit.NANOSECONDS.sleep(settings.pulse().toNanos());
      }
    } catch (InterruptedException e) {
      log.debug("The pulse was stopped", e);
    }
  }

  private boolean beat() throws InterruptedException {
    long asked = System.nanoTime();
    if (!revocationsFollower.awaitCurrentEnd(settings.staleAfter())) {
      return false;
    }
    knownAt = asked;
    known = true;
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

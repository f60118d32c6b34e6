package shop.common.lifecycle;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The first step of a stop: the service already answers checks with 503, and still serves requests
 * for as long as a load balancer may take to notice.
 */
final class ShutdownDelay implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(ShutdownDelay.class);

  private final Duration delay;
  private volatile boolean running;

  ShutdownDelay(Duration delay) {
    this.delay = delay;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    if (delay.isZero()) {
      return;
    }
    log.info("Not ready any more; the service stops in {} ms", delay.toMillis());
    try {
      TimeUnit.MILLISECONDS.sleep(delay.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before the web server and every consumer. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}

package shop.order.projection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import shop.order.store.Epoch;

/** Holds a starting service back until Redis is open: nobody is to meet a shop that cannot sell. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartupGate implements ApplicationRunner {

  private static final Logger log = LoggerFactory.getLogger(StartupGate.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Epoch epoch;

  StartupGate(Epoch epoch) {
    this.epoch = epoch;
  }

  @Override
  public void run(ApplicationArguments arguments) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!epoch.isOpen()) {
      if (System.nanoTime() > deadline) {
        log.warn("Redis is still not open after {}; orders answer 503 until it is", PATIENCE);
        return;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}

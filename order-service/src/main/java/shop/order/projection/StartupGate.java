package shop.order.projection;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import shop.common.time.Polling;
import shop.order.redis.Epoch;

/** Delays readiness until Redis is open: a service that cannot take orders gets no requests. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartupGate implements ApplicationRunner {

  private static final Logger log = LoggerFactory.getLogger(StartupGate.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  private final Epoch epoch;

  StartupGate(Epoch epoch) {
    this.epoch = epoch;
  }

  @Override
  public void run(ApplicationArguments arguments) throws InterruptedException {
    if (!Polling.await(TIMEOUT, POLL_INTERVAL, epoch::isOpen)) {
      log.warn("Redis is not open after {}; requests for orders get 503 until it is", TIMEOUT);
    }
  }
}

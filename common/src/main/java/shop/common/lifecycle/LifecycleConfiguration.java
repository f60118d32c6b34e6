package shop.common.lifecycle;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** How services stop. */
@AutoConfiguration
public class LifecycleConfiguration {

  private static final Duration MAX_DELAY = Duration.ofSeconds(9);

  @Bean
  ShutdownDelay shutdownDelay(@Value("${shop.shutdown.delay}") Duration delay) {
    if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
      throw new IllegalArgumentException(
          "shop.shutdown.delay is %s; allowed are 0 to %s, less than spring.lifecycle.timeout-per-shutdown-phase"
              .formatted(delay, MAX_DELAY));
    }
    return new ShutdownDelay(delay);
  }
}

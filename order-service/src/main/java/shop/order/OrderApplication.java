package shop.order;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Accepts orders, decides their state transitions, and shows them. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class OrderApplication {

  public static void main(String[] arguments) {
    SpringApplication.run(OrderApplication.class, arguments);
  }

  /** Jitter of retries and heartbeats; usable by all threads. */
  @Bean
  RandomGenerator random() {
    return () -> ThreadLocalRandom.current().nextLong();
  }
}

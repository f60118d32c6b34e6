package shop.sandbox;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.random.RandomGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** The sandbox as a separate process that represents an external company to the platform. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SandboxApplication {

  /** Starts the sandbox; fails without {@code SANDBOX_API_KEY}. */
  public static void main(String[] args) {
    SpringApplication.run(SandboxApplication.class, args);
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  RandomGenerator random() {
    return new SecureRandom();
  }
}

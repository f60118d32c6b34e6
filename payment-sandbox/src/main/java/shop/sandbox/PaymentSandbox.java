package shop.sandbox;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.random.RandomGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** The sandbox as a process of its own: an outside company, as far as the platform can tell. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class PaymentSandbox {

  /** Starts the sandbox; refuses without {@code SANDBOX_API_KEY}. */
  public static void main(String[] args) {
    SpringApplication.run(PaymentSandbox.class, args);
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

package shop.gateway;

import java.security.SecureRandom;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import shop.common.kafka.RequiredTopics;
import shop.common.kafka.Topics;

/** The API gateway: routing, load balancing, authentication and sessions. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class GatewayApplication {

  public static void main(String[] args) {
    SpringApplication.run(GatewayApplication.class, args);
  }

  /** The source of randomness for secrets and for jitter. */
  @Bean
  SecureRandom random() {
    return new SecureRandom();
  }

  @Bean
  RequiredTopics requiredTopics() {
    return RequiredTopics.of(
        Topics.ACCOUNTS,
        Topics.REVOCATIONS,
        Topics.GATEWAY_SETTINGS,
        Topics.TRAFFIC,
        Topics.DEAD_LETTERS);
  }
}

package shop.operations;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import shop.common.kafka.RequiredTopics;
import shop.common.kafka.Topics;
import shop.common.security.AccessRules;
import shop.common.security.Caller;

/** operations-service: the dead-letter desk. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class OperationsApplication {

  /** The service's name, also its consumer group. */
  public static final String NAME = "operations-service";

  public static void main(String[] arguments) {
    SpringApplication.run(OperationsApplication.class, arguments);
  }

  @Bean
  RequiredTopics requiredTopics() {
    return RequiredTopics.of(
        Topics.DEAD_LETTERS,
        Topics.DEAD_LETTER_ACTIONS,
        Topics.ORDER_REDRIVE,
        Topics.PAYMENT_REDRIVE,
        Topics.NOTIFICATION_REDRIVE,
        Topics.ANALYTICS_REDRIVE);
  }

  @Bean
  AccessRules accessRules() {
    return requests -> requests.requestMatchers("/admin/dlq/**").hasRole(Caller.ADMIN);
  }
}

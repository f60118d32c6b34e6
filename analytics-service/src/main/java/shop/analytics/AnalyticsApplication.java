package shop.analytics;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import shop.common.kafka.RequiredTopics;
import shop.common.kafka.Topics;
import shop.common.security.AccessRules;
import shop.common.security.Caller;

/**
 * Computes live sales figures from order events. They always equal a recount of the topic {@code
 * orders}.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class AnalyticsApplication {

  public static void main(String[] arguments) {
    SpringApplication.run(AnalyticsApplication.class, arguments);
  }

  @Bean
  RequiredTopics requiredTopics() {
    return RequiredTopics.of(
        Topics.ORDERS,
        Topics.ANALYTICS_REDRIVE,
        Topics.FIGURES,
        Topics.DEAD_LETTERS,
        Topics.DEAD_LETTER_ACTIONS);
  }

  @Bean
  AccessRules accessRules() {
    return requests -> requests.requestMatchers("/analytics/**").hasRole(Caller.ADMIN);
  }
}

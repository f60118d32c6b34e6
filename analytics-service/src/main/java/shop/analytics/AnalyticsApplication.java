package shop.analytics;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import shop.common.kafka.RequiredTopics;
import shop.common.kafka.Topics;
import shop.common.security.AccessRules;
import shop.common.security.Caller;

/** analytics-service: live sales figures, which equal a recount of the log at any time. */
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

package shop.notification;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import shop.common.kafka.RequiredTopics;
import shop.common.kafka.Topics;
import shop.common.security.AccessRules;

/**
 * Notifies customers of what happens to their orders: consumes Kafka events, queues deliveries in
 * RabbitMQ, sends e-mail.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class NotificationApplication {

  public static void main(String[] arguments) {
    SpringApplication.run(NotificationApplication.class, arguments);
  }

  @Bean
  RequiredTopics requiredTopics() {
    return RequiredTopics.of(
        Topics.ACCOUNTS,
        Topics.ORDERS,
        Topics.NOTIFICATION_REDRIVE,
        Topics.NOTIFICATIONS,
        Topics.DEAD_LETTERS,
        Topics.DEAD_LETTER_ACTIONS);
  }

  /** The service has no API besides health and metrics. */
  @Bean
  AccessRules accessRules() {
    return _ -> {};
  }
}

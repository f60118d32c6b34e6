package shop.gateway.accounts;

import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;

/** Follows the topic accounts; the gateway is ready when the topic has been read to its end. */
@Configuration(proxyBeanMethods = false)
class AccountsConfiguration {

  @Bean
  TopicFollower accountsFollower(
      KafkaProperties kafka, Accounts accounts, ApplicationEventPublisher events) {
    return new TopicFollower(
        "gateway-accounts",
        kafka.buildConsumerProperties(),
        List.of(Topics.ACCOUNTS),
        accounts::read,
        events);
  }

  @Bean
  HealthIndicator accountsHealthIndicator(
      TopicFollower accountsFollower, DemoAccounts demoAccounts) {
    return () ->
        accountsFollower.caughtUp() && demoAccounts.done()
            ? Health.up().build()
            : Health.outOfService().build();
  }
}

package shop.order.catalog;

import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;

/** Every instance reads the whole catalog before it becomes ready. */
@Configuration(proxyBeanMethods = false)
class CatalogConfiguration {

  @Bean
  TopicFollower catalogFollower(
      KafkaProperties kafka, Catalog catalog, ApplicationEventPublisher events) {
    return new TopicFollower(
        "catalog", kafka.buildConsumerProperties(), List.of(Topics.CATALOG), catalog::on, events);
  }

  @Bean
  HealthIndicator catalogHealthIndicator(TopicFollower catalogFollower) {
    return () -> (catalogFollower.caughtUp() ? Health.up() : Health.outOfService()).build();
  }
}

package shop.analytics.board;

import java.time.Clock;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.analytics.AnalyticsSettings;
import shop.analytics.counting.CountingStreams;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;

/** The board, the follower that fills it, and their health indicator. */
@Configuration(proxyBeanMethods = false)
class BoardConfiguration {

  @Bean
  Board board(AnalyticsSettings settings, Clock clock) {
    return new Board(settings.recentMinutes(), clock);
  }

  @Bean
  TopicFollower figuresFollower(
      KafkaProperties kafka, Board board, ApplicationEventPublisher events) {
    return new TopicFollower(
        "figures", kafka.buildConsumerProperties(), List.of(Topics.FIGURES), board::update, events);
  }

  /**
   * Up when the board has caught up with the topic and Kafka Streams is running; part of readiness.
   */
  @Bean
  HealthIndicator figuresHealthIndicator(TopicFollower follower, CountingStreams counting) {
    return () ->
        (follower.caughtUp() && counting.isWorking() ? Health.up() : Health.outOfService()).build();
  }
}

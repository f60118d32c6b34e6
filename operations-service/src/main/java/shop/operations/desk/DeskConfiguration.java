package shop.operations.desk;

import java.time.Clock;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;
import shop.operations.OperationsSettings;

/** The desk, what fills it, and what watches it. */
@Configuration(proxyBeanMethods = false)
class DeskConfiguration {

  @Bean
  Desk desk() {
    return new Desk();
  }

  @Bean
  TopicFollower deskFollower(KafkaProperties kafka, Desk desk, ApplicationEventPublisher events) {
    return new TopicFollower(
        "desk",
        kafka.buildConsumerProperties(),
        List.of(Topics.DEAD_LETTERS, Topics.DEAD_LETTER_ACTIONS),
        desk::read,
        events);
  }

  @Bean
  LetterLog letterLog(KafkaProperties kafka, OperationsSettings settings) {
    return new LetterLog(kafka.buildConsumerProperties(), settings.readTimeout());
  }

  @Bean
  DeskMetrics deskMetrics(Desk desk, Clock clock) {
    return new DeskMetrics(desk, clock);
  }

  /** Up when both topics were read to their ends; part of readiness. */
  @Bean
  HealthIndicator deskHealthIndicator(TopicFollower follower) {
    return () -> (follower.caughtUp() ? Health.up() : Health.outOfService()).build();
  }
}

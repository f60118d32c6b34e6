package shop.operations.desk;

import io.micrometer.core.instrument.MeterRegistry;
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

/** The desk, its follower and readers, its metrics and its health. */
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

  /** For requests, which read one record at a time. */
  @Bean
  LogReader letterReader(KafkaProperties kafka, OperationsSettings settings) {
    return new LogReader(
        "letters", kafka.buildConsumerProperties(), 64 << 10, settings.readTimeout());
  }

  /** For searches, which read many records and must not block other requests. */
  @Bean
  LogReader searchReader(KafkaProperties kafka, OperationsSettings settings) {
    return new LogReader(
        "search", kafka.buildConsumerProperties(), 512 << 10, settings.readTimeout());
  }

  /** For the redriver, which reads records in batches. */
  @Bean
  LogReader redriveReader(KafkaProperties kafka, OperationsSettings settings) {
    return new LogReader(
        "redrive", kafka.buildConsumerProperties(), 512 << 10, settings.readTimeout());
  }

  @Bean
  Search search(Desk desk, LogReader searchReader) {
    return new Search(desk, searchReader);
  }

  @Bean
  DeskMetrics deskMetrics(Desk desk, TopicFollower follower, MeterRegistry registry, Clock clock) {
    return new DeskMetrics(desk, follower, registry, clock);
  }

  /** Up once both topics are read to their ends; part of readiness. */
  @Bean
  HealthIndicator deskHealthIndicator(TopicFollower follower) {
    return () -> (follower.caughtUp() ? Health.up() : Health.outOfService()).build();
  }
}

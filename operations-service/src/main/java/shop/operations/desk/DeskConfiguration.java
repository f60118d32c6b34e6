package shop.operations.desk;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.common.database.DatabaseFollower;
import shop.common.database.DatabaseFollowers;
import shop.common.kafka.Topics;
import shop.operations.OperationsSettings;

/** The desk, its follower and readers, its metrics and its health. */
@Configuration(proxyBeanMethods = false)
class DeskConfiguration {

  @Bean
  Desk desk(JdbcTemplate jdbc) {
    return new Desk(jdbc);
  }

  @Bean
  DatabaseFollower deskFollower(DatabaseFollowers followers, JdbcTemplate jdbc) {
    return followers.follow(
        "desk", List.of(Topics.DEAD_LETTERS, Topics.DEAD_LETTER_ACTIONS), new DeskTables(jdbc));
  }

  /** For requests, which read one record at a time. */
  @Bean
  LogReader letterReader(KafkaProperties kafka, OperationsSettings settings) {
    return new LogReader(
        "letters", kafka.buildConsumerProperties(), 64 << 10, settings.readTimeout());
  }

  /** For the redriver, which reads records in batches. */
  @Bean
  LogReader redriveReader(KafkaProperties kafka, OperationsSettings settings) {
    return new LogReader(
        "redrive", kafka.buildConsumerProperties(), 512 << 10, settings.readTimeout());
  }

  @Bean
  Search search(JdbcClient jdbc, Desk desk) {
    return new Search(jdbc, desk);
  }

  @Bean
  DeskMetrics deskMetrics(
      JdbcTemplate jdbc, DatabaseFollower follower, MeterRegistry registry, Clock clock) {
    return new DeskMetrics(jdbc, follower, registry, clock);
  }

  /** Up once both topics are read to their ends; part of readiness. */
  @Bean
  HealthIndicator deskHealthIndicator(DatabaseFollower follower) {
    return () -> (follower.caughtUp() ? Health.up() : Health.outOfService()).build();
  }
}

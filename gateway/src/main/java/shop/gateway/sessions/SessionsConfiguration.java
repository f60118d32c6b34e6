package shop.gateway.sessions;

import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import java.util.List;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;

/** Reads the topic of revocations and follows it; ready when all of it is known. */
@Configuration(proxyBeanMethods = false)
class SessionsConfiguration {

  @Bean
  TopicFollower revocationsFollower(
      KafkaProperties kafka, Revocations revocations, ApplicationEventPublisher events) {
    return new TopicFollower(
        "gateway-revocations",
        kafka.buildConsumerProperties(),
        List.of(Topics.REVOCATIONS),
        revocations::read,
        events);
  }

  @Bean
  HealthIndicator revocationsHealthIndicator(TopicFollower revocationsFollower) {
    return () ->
        revocationsFollower.caughtUp() ? Health.up().build() : Health.outOfService().build();
  }

  /** A rotation that was sent once is never sent again by itself: it would look like a theft. */
  @Bean
  LettuceClientOptionsBuilderCustomizer noReplay() {
    return options ->
        options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS).replayFilter(_ -> true);
  }
}

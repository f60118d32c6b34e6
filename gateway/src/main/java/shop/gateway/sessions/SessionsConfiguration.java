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

/** Follows the topic revocations; the gateway is ready when it has read the latest ones. */
@Configuration(proxyBeanMethods = false)
class SessionsConfiguration {

  @Bean
  TopicFollower revocationsFollower(
      KafkaProperties kafka, Revocations revocations, ApplicationEventPublisher events) {
    return TopicFollower.from(
        revocations::seek,
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

  /**
   * Keeps Lettuce from sending commands again after a reconnect: a token rotation that is sent
   * twice would look like the reuse of a token.
   */
  @Bean
  LettuceClientOptionsBuilderCustomizer noReplay() {
    return options ->
        options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS).replayFilter(_ -> true);
  }
}

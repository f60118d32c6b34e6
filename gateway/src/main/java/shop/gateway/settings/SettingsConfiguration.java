package shop.gateway.settings;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;

/** Follows the topic gateway-settings, without which a gateway can do. */
@Configuration(proxyBeanMethods = false)
class SettingsConfiguration {

  private static final Logger log = LoggerFactory.getLogger(SettingsConfiguration.class);

  /** How long a starting gateway waits for the settings before it is ready without them. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /** A follower that fails does not end the gateway: the settings it has read stay in force. */
  @Bean
  TopicFollower settingsFollower(KafkaProperties kafka, GatewaySettings settings) {
    return new TopicFollower(
        "gateway-settings",
        kafka.buildConsumerProperties(),
        List.of(Topics.GATEWAY_SETTINGS),
        settings::read,
        _ -> {
          settings.failed();
          log.error("The topic gateway-settings is not followed any more; restart the gateway");
        });
  }

  @Bean
  SettingsFollowing gatewaySettingsHealthIndicator(
      TopicFollower settingsFollower, GatewaySettings settings) {
    return new SettingsFollowing(settingsFollower, settings, LONGEST_WAIT);
  }

  @Bean
  MeterBinder settingsMetrics(GatewaySettings settings, TopicFollower settingsFollower) {
    return registry -> {
      Gauge.builder("gateway.settings.unreadable", settings, GatewaySettings::unreadable)
          .description("Keys of the topic gateway-settings whose last record is unreadable")
          .register(registry);
      Gauge.builder("gateway.settings.followed", () -> isFollowed(settings, settingsFollower))
          .description("1 if the topic gateway-settings was read to its end and is followed, or 0")
          .register(registry);
    };
  }

  private static int isFollowed(GatewaySettings settings, TopicFollower follower) {
    return follower.caughtUp() && !settings.hasFailed() ? 1 : 0;
  }
}

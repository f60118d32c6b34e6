package shop.local.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokersTest {

  @Test
  void aBrokerStartsOnceHoweverOftenItIsAskedFor() {
    assertThat(Brokers.kafka()).isEqualTo(Brokers.kafka());
    assertThat(Brokers.redis()).isEqualTo(Brokers.redis());
    assertThat(Brokers.rabbit()).isEqualTo(Brokers.rabbit());
  }

  @Test
  void brokersNamedInTheEnvironmentAreTaken() {
    var given =
        new GivenBrokers(
            Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
                "REDIS_URL", "redis://:secret@cache:7000",
                "RABBITMQ_URL", "amqp://shop:pw@rabbit"));

    assertThat(given.kafka()).contains("kafka:9092");
    assertThat(given.redis()).contains(new RedisEndpoint("cache", 7000, "secret"));
    assertThat(given.rabbit()).contains(new RabbitEndpoint("rabbit", 5672, "shop", "pw"));
  }

  @Test
  void anEmptyEnvironmentNamesNone() {
    var given = new GivenBrokers(Map.of("REDIS_URL", " "));
    assertThat(given.kafka()).isEmpty();
    assertThat(given.redis()).isEmpty();
    assertThat(given.rabbit()).isEmpty();
  }
}

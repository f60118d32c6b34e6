package shop.local.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class BrokersTest {

  @Test
  void aBrokerIsStartedOnlyOnce() {
    assertThat(Brokers.kafka()).isEqualTo(Brokers.kafka());
    assertThat(Brokers.redis()).isEqualTo(Brokers.redis());
    assertThat(Brokers.rabbit()).isEqualTo(Brokers.rabbit());
    assertThat(Brokers.database()).isSameAs(Brokers.database());
  }

  @Test
  void brokersNamedInTheEnvironmentAreUsed() {
    var external =
        new ExternalBrokers(
            Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
                "REDIS_URL", "redis://:secret@cache:7000",
                "RABBITMQ_URL", "amqp://shop:pw@rabbit",
                "DATABASE_URL", "postgresql://admin:pw@db:5433/test"));

    assertThat(external.kafka()).contains("kafka:9092");
    assertThat(external.redis()).contains(new RedisEndpoint("cache", 7000, "secret"));
    assertThat(external.rabbit()).contains(new RabbitEndpoint("rabbit", 5672, "shop", "pw"));
    assertThat(external.database().orElseThrow().endpoint("orders"))
        .isEqualTo(new DatabaseEndpoint("db:5433", "test", "", "orders", "pw"));
  }

  @Test
  void anEmptyEnvironmentNamesNone() {
    var external = new ExternalBrokers(Map.of("REDIS_URL", " "));
    assertThat(external.kafka()).isEmpty();
    assertThat(external.redis()).isEmpty();
    assertThat(external.rabbit()).isEmpty();
    assertThat(external.database()).isEmpty();
  }
}

package shop.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import shop.local.broker.Brokers;

@Tag("slow")
class TopicCreationTest {

  private static final KafkaSettings ONE_BROKER = new KafkaSettings(1, 1, Duration.ofSeconds(30));

  @Test
  void createsTopicsWithTheirSettingsAndIsIdempotent() throws Exception {
    creation(Brokers.kafka(), Topics.ORDER_COMMANDS).start();
    creation(Brokers.kafka(), Topics.ORDER_COMMANDS).start();

    assertThat(setting("order-commands", "message.timestamp.type")).isEqualTo("LogAppendTime");
    assertThat(setting("order-commands", "retention.ms"))
        .isEqualTo(Long.toString(Duration.ofDays(30).toMillis()));
  }

  @Test
  void insufficientSettingsAreCorrectedAndHigherLimitsAreKept() throws Exception {
    var less = Map.of("retention.ms", "1000", "retention.bytes", "1000");
    creation(Brokers.kafka(), new Topic("kept-less", 1, less)).start();
    var more = Map.of("retention.ms", "-1", "max.message.bytes", "5000000");
    creation(Brokers.kafka(), new Topic("kept-more", 1, more)).start();

    for (String name : List.of("kept-less", "kept-more")) {
      var required =
          Topic.withRetention(Duration.ofDays(30), name).withLargeMessages().withLogAppendTime();
      creation(Brokers.kafka(), new Topic(name, 1, required.settings())).start();
      assertThat(setting(name, "message.timestamp.type")).isEqualTo("LogAppendTime");
    }

    assertThat(setting("kept-less", "retention.ms"))
        .isEqualTo(Long.toString(Duration.ofDays(30).toMillis()));
    assertThat(setting("kept-less", "retention.bytes")).isEqualTo("-1");
    assertThat(setting("kept-less", "max.message.bytes")).isEqualTo("2097152");
    assertThat(setting("kept-more", "retention.ms")).isEqualTo("-1");
    assertThat(setting("kept-more", "max.message.bytes")).isEqualTo("5000000");
  }

  @Test
  void failsForATopicWithAnotherPartitionCount() {
    creation(Brokers.kafka(), new Topic("grown", 3, Map.of())).start();

    assertThatIllegalStateException()
        .isThrownBy(() -> creation(Brokers.kafka(), new Topic("grown", 4, Map.of())).start())
        .withMessageContaining("grown has 3 partitions, not 4");
  }

  @Test
  void reportsWhatToDoIfNoBrokerResponds() {
    var settings = new KafkaSettings(1, 1, Duration.ofMillis(200));
    var creation =
        new TopicCreation(client("127.0.0.1:1"), RequiredTopics.of(Topics.ORDERS), settings);

    assertThatIllegalStateException()
        .isThrownBy(creation::start)
        .withMessageContaining("127.0.0.1:1")
        .withMessageContaining("KAFKA_BOOTSTRAP_SERVERS");
  }

  private static String setting(String topic, String name) throws Exception {
    try (var admin = Admin.create(client(Brokers.kafka()))) {
      var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
    }
  }

  private static TopicCreation creation(String brokers, Topic topic) {
    return new TopicCreation(client(brokers), RequiredTopics.of(topic), ONE_BROKER);
  }

  private static Map<String, Object> client(String brokers) {
    return Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
  }
}

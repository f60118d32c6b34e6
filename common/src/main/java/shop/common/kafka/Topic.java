package shop.common.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic with its real settings.
 *
 * @param name stable for ever
 * @param partitions fixed for the topic's life: raising it would break the order of a key
 * @param settings Kafka's topic settings
 */
public record Topic(String name, int partitions, Map<String, String> settings) {

  /** What decisions/0005 says how to choose. */
  static final int PARTITIONS = 12;

  /** Bytes of a message that holds another one and more; others are at most Kafka's 1 MB. */
  static final int ROOM = 2 << 20;

  static Topic keptForEver(String name) {
    return new Topic(name, PARTITIONS, Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"));
  }

  static Topic keptFor(Duration time, String name) {
    return new Topic(
        name, PARTITIONS, Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(time.toMillis())));
  }

  static Topic compacted(String name) {
    return new Topic(
        name,
        PARTITIONS,
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
  }

  /** The same with records stamped by the broker when it appends them. */
  Topic stampedByBroker() {
    return with(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
  }

  /** The same with room for any message of another topic, and what is said about it. */
  Topic holdingOthers() {
    return with(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(ROOM));
  }

  Topic with(String setting, String value) {
    var all = new HashMap<>(settings);
    all.put(setting, value);
    return new Topic(name, partitions, Map.copyOf(all));
  }

  NewTopic toNewTopic(short replicas, int minInSync) {
    var all = new HashMap<>(settings);
    all.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInSync));
    return new NewTopic(name, partitions, replicas).configs(all);
  }
}

package shop.common.kafka;

import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
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
  static final int MAX_MESSAGE_BYTES = 2 << 20;

  private static final String UNLIMITED = "-1";

  /** All partitions, in order. */
  public List<TopicPartition> topicPartitions() {
    return IntStream.range(0, partitions)
        .mapToObj(number -> new TopicPartition(name, number))
        .toList();
  }

  static Topic keptForEver(String name) {
    return kept(UNLIMITED, name);
  }

  static Topic keptFor(Duration time, String name) {
    return kept(Long.toString(time.toMillis()), name);
  }

  private static Topic kept(String millis, String name) {
    return new Topic(
        name,
        PARTITIONS,
        Map.of(
            TopicConfig.RETENTION_MS_CONFIG,
            millis,
            // However much there is: nothing may be trimmed before its time.
            TopicConfig.RETENTION_BYTES_CONFIG,
            UNLIMITED));
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
    return with(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_MESSAGE_BYTES));
  }

  Topic with(String setting, String value) {
    var all = new HashMap<>(settings);
    all.put(setting, value);
    return new Topic(name, partitions, Map.copyOf(all));
  }

  /**
   * The settings by which a topic keeps less than it must, or keeps it otherwise.
   *
   * @param found its value of a setting
   */
  Map<String, String> lacking(UnaryOperator<String> found) {
    return settings.entrySet().stream()
        .filter(setting ->
            !suffices(setting.getKey(), found.apply(setting.getKey()), setting.getValue()))
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static boolean suffices(String setting, String found, String needed) {
    return switch (setting) {
      case TopicConfig.RETENTION_MS_CONFIG,
          TopicConfig.RETENTION_BYTES_CONFIG,
          TopicConfig.MAX_MESSAGE_BYTES_CONFIG ->
          limit(found) >= limit(needed);
      default -> found.equals(needed);
    };
  }

  private static long limit(String value) {
    return value.equals(UNLIMITED) ? Long.MAX_VALUE : Long.parseLong(value);
  }

  NewTopic toNewTopic(short replicas, int minInSync) {
    var all = new HashMap<>(settings);
    all.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInSync));
    return new NewTopic(name, partitions, replicas).configs(all);
  }
}

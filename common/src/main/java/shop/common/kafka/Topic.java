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
 * A topic with its settings.
 *
 * @param name never changes
 * @param partitions never changes: another number would break the order of records per key
 * @param settings Kafka's topic-level settings
 */
public record Topic(String name, int partitions, Map<String, String> settings) {

  /** docs/decisions/0005-partitions.md explains the choice. */
  static final int PARTITIONS = 12;

  /**
   * In bytes. For topics whose messages contain another one; elsewhere Kafka's limit of 1 MB holds.
   */
  static final int MAX_MESSAGE_BYTES = 2 << 20;

  private static final String UNLIMITED = "-1";

  /** All partitions, in order. */
  public List<TopicPartition> topicPartitions() {
    return IntStream.range(0, partitions)
        .mapToObj(number -> new TopicPartition(name, number))
        .toList();
  }

  /** How long records are kept at least; the longest duration if they are never deleted. */
  public Duration retention() {
    String millis = settings.getOrDefault(TopicConfig.RETENTION_MS_CONFIG, UNLIMITED);
    return Duration.ofMillis(limit(millis));
  }

  /** True if the last record of every key is kept for ever: all records, or compaction. */
  public boolean isKeptForEver() {
    return TopicConfig.CLEANUP_POLICY_COMPACT.equals(
            settings.get(TopicConfig.CLEANUP_POLICY_CONFIG))
        || retention().toMillis() == Long.MAX_VALUE;
  }

  static Topic withUnlimitedRetention(String name) {
    return withRetentionMs(UNLIMITED, name);
  }

  static Topic withRetention(Duration time, String name) {
    return withRetentionMs(Long.toString(time.toMillis()), name);
  }

  private static Topic withRetentionMs(String millis, String name) {
    return new Topic(
        name,
        PARTITIONS,
        Map.of(
            TopicConfig.RETENTION_MS_CONFIG,
            millis,
            // Unlimited size: no record may be deleted before its retention time.
            TopicConfig.RETENTION_BYTES_CONFIG,
            UNLIMITED));
  }

  static Topic compacted(String name) {
    return new Topic(
        name,
        PARTITIONS,
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
  }

  /** The same with timestamps that the broker sets when it appends a record. */
  Topic withLogAppendTime() {
    return with(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
  }

  /** The same with messages large enough to contain any message of another topic. */
  Topic withLargeMessages() {
    return with(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_MESSAGE_BYTES));
  }

  Topic with(String setting, String value) {
    var all = new HashMap<>(settings);
    all.put(setting, value);
    return new Topic(name, partitions, Map.copyOf(all));
  }

  /**
   * The settings that an existing topic must be changed to: those whose current value differs, or
   * is a lower limit than required.
   *
   * @param current the topic's current value of a setting
   */
  Map<String, String> settingsToCorrect(UnaryOperator<String> current) {
    return settings.entrySet().stream()
        .filter(setting ->
            !isSufficient(setting.getKey(), current.apply(setting.getKey()), setting.getValue()))
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static boolean isSufficient(String setting, String current, String required) {
    return switch (setting) {
      case TopicConfig.RETENTION_MS_CONFIG,
          TopicConfig.RETENTION_BYTES_CONFIG,
          TopicConfig.MAX_MESSAGE_BYTES_CONFIG ->
          limit(current) >= limit(required);
      default -> current.equals(required);
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

package shop.common.kafka;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The end offsets of topics, as the broker knows them: the offset after the last record of each
 * partition, records of open transactions included. Connects at the first query. Thread-safe.
 */
public final class LogEnds implements AutoCloseable {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final Map<String, Object> settings;
  private final List<TopicPartition> partitions;
  private @Nullable Admin admin;

  /**
   * The end offsets of all partitions of some topics.
   *
   * @param settings of any Kafka client; those that an admin client knows are used
   */
  public LogEnds(Map<String, Object> settings, Collection<Topic> topics) {
    this.settings = new HashMap<>(settings);
    this.settings.keySet().retainAll(AdminClientConfig.configNames());
    this.partitions = topics.stream().flatMap(topic -> topic.topicPartitions().stream()).toList();
  }

  /** The partitions whose ends are queried. */
  public List<TopicPartition> partitions() {
    return partitions;
  }

  /** Queries the end offset of each partition. */
  public Map<TopicPartition, Long> query(Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    return query(OffsetSpec.latest(), timeout);
  }

  /** Queries the offset of the first record of each partition; its end if it has none. */
  public Map<TopicPartition, Long> queryStarts(Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    return query(OffsetSpec.earliest(), timeout);
  }

  private Map<TopicPartition, Long> query(OffsetSpec spec, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    var specs = partitions.stream().collect(toMap(identity(), _ -> spec));
    var found = admin().listOffsets(specs).all().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    Map<TopicPartition, Long> offsets = new HashMap<>();
    found.forEach((partition, info) -> offsets.put(partition, info.offset()));
    return offsets;
  }

  private synchronized Admin admin() {
    if (admin == null) {
      admin = Admin.create(settings);
    }
    return admin;
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(CLOSE_TIMEOUT);
      admin = null;
    }
  }
}

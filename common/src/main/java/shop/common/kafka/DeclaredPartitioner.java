package shop.common.kafka;

import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the partition of a record by the declared number of partitions of its topic. Kafka's own
 * partitioner uses the current number, so a partition that is added while producers run would move
 * keys and break the order of their records. The hash is Kafka's. Topics that are not in {@link
 * Topics}, such as internal ones of Kafka Streams, are divided by their current number.
 */
public final class DeclaredPartitioner implements Partitioner {

  @Override
  public int partition(
      String topic,
      @Nullable Object key,
      byte @Nullable [] keyBytes,
      @Nullable Object value,
      byte @Nullable [] valueBytes,
      Cluster cluster) {
    @Nullable Topic declared = Topics.BY_NAME.get(topic);
    int partitions =
        declared == null ? cluster.partitionCountForTopic(topic) : declared.partitions();
    return keyBytes == null
        ? ThreadLocalRandom.current().nextInt(partitions)
        : Utils.toPositive(Utils.murmur2(keyBytes)) % partitions;
  }

  @Override
  public void configure(Map<String, ?> settings) {
    // The declarations are constants.
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}

package shop.order.projection;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.stereotype.Component;
import shop.common.kafka.Topic;
import shop.common.kafka.Topics;

/**
 * How far the log goes. <em>The end</em> is where the events end once all commands of now are
 * decided: whoever says that something is not in the log has read to there.
 */
@Component
class LogEnd implements DisposableBean {

  /** The group in which the order processor commits its progress. */
  private static final String PROCESSOR = "order-processor";

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final List<Topic> APPLIED =
      List.of(Topics.ORDERS, Topics.CATALOG, Topics.ORDER_REDRIVE);

  private final KafkaProperties kafka;
  private @Nullable Admin admin;

  LogEnd(KafkaProperties kafka) {
    this.kafka = kafka;
  }

  /** The partitions that the projector applies. */
  static List<TopicPartition> appliedPartitions() {
    return APPLIED.stream().flatMap(LogEnd::partitions).toList();
  }

  /** Where the commands end now. */
  Map<TopicPartition, Long> ofCommands() {
    return ends(partitions(Topics.ORDER_COMMANDS).toList());
  }

  /** True once the processor has decided and committed all commands before these ends. */
  boolean isDecided(Map<TopicPartition, Long> commands) {
    Map<TopicPartition, OffsetAndMetadata> committed =
        await(admin().listConsumerGroupOffsets(PROCESSOR)::partitionsToOffsetAndMetadata);
    return commands.entrySet().stream()
        .allMatch(end -> {
          @Nullable OffsetAndMetadata offset = committed.get(end.getKey());
          return end.getValue() == 0 || (offset != null && offset.offset() >= end.getValue());
        });
  }

  /**
   * Where that ends which the projector applies, open transactions included: what the processor has
   * committed may be told by its offsets before the end of its transaction is on all topics.
   */
  Map<TopicPartition, Long> ofApplied() {
    return ends(appliedPartitions());
  }

  private Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
    var latest =
        partitions.stream()
            .collect(Collectors.toMap(Function.identity(), _ -> OffsetSpec.latest()));
    var offsets = await(admin().listOffsets(latest)::all);
    Map<TopicPartition, Long> ends = new HashMap<>();
    offsets.forEach((partition, info) -> ends.put(partition, info.offset()));
    return ends;
  }

  private static Stream<TopicPartition> partitions(Topic topic) {
    return IntStream.range(0, topic.partitions())
        .mapToObj(number -> new TopicPartition(topic.name(), number));
  }

  private static <T> T await(Supplier<KafkaFuture<T>> asked) {
    try {
      return asked.get().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("Kafka does not say how far the log goes", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while asking how far the log goes", e);
    }
  }

  private synchronized Admin admin() {
    if (admin == null) {
      admin = Admin.create(kafka.buildAdminProperties());
    }
    return admin;
  }

  @Override
  public synchronized void destroy() {
    if (admin != null) {
      admin.close(Duration.ofSeconds(2));
    }
  }
}

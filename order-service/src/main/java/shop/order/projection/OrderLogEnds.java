package shop.order.projection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.stereotype.Component;
import shop.common.kafka.LogEnds;
import shop.common.kafka.Topics;
import shop.order.ConsumerGroups;

/**
 * The end offsets of the log. <em>The end</em> of the log is where the events end after the
 * processor has processed every command that is in the log now. Only after reading to that end is
 * it certain that an order is not in the log.
 */
@Component
class OrderLogEnds implements DisposableBean {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final LogEnds commands;
  private final LogEnds applied;
  private final Map<String, Object> settings;
  private @Nullable Admin admin;

  OrderLogEnds(KafkaProperties kafka) {
    settings = kafka.buildAdminProperties();
    commands = new LogEnds(settings, List.of(Topics.ORDER_COMMANDS));
    applied = new LogEnds(settings, List.of(Topics.ORDERS, Topics.CATALOG, Topics.ORDER_REDRIVE));
  }

  /** The partitions that the projector applies. */
  List<TopicPartition> appliedPartitions() {
    return applied.partitions();
  }

  /** The end offsets of the commands. */
  Map<TopicPartition, Long> ofCommands() {
    return await(() -> commands.query(TIMEOUT));
  }

  /** True if the processor has processed and committed all commands before these offsets. */
  boolean areProcessed(Map<TopicPartition, Long> ends) {
    Map<TopicPartition, OffsetAndMetadata> committed =
        await(() ->
            admin()
                .listConsumerGroupOffsets(ConsumerGroups.ORDER_PROCESSOR)
                .partitionsToOffsetAndMetadata()
                .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
    return ends.entrySet().stream()
        .allMatch(end -> {
          @Nullable OffsetAndMetadata offset = committed.get(end.getKey());
          return end.getValue() == 0 || (offset != null && offset.offset() >= end.getValue());
        });
  }

  /**
   * The end offsets of the partitions that the projector applies, including records of open
   * transactions: the processor's committed offsets can be visible before its transaction has ended
   * on all topics.
   */
  Map<TopicPartition, Long> ofApplied() {
    return await(() -> applied.query(TIMEOUT));
  }

  @FunctionalInterface
  private interface Query<T> {
    T send() throws InterruptedException, ExecutionException, TimeoutException;
  }

  private static <T> T await(Query<T> query) {
    try {
      return query.send();
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("Querying the end offsets of the log failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while querying the end offsets of the log", e);
    }
  }

  private synchronized Admin admin() {
    if (admin == null) {
      admin = Admin.create(settings);
    }
    return admin;
  }

  @Override
  public synchronized void destroy() {
    commands.close();
    applied.close();
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
  }
}

package shop.operations.redrive;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.stereotype.Component;
import shop.operations.OperationsApplication;

/** Up to where actions were sent, by whichever instance has their partitions. */
@Component
final class RedriverPositions implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(RedriverPositions.class);

  private static final ListConsumerGroupOffsetsOptions SOON =
      new ListConsumerGroupOffsetsOptions().timeoutMs(5_000);

  private final Admin admin;

  RedriverPositions(KafkaProperties kafka) {
    this.admin = Admin.create(kafka.buildAdminProperties());
  }

  /** The positions that are committed; none while Kafka does not say. */
  Map<TopicPartition, Long> committed() throws InterruptedException {
    try {
      Map<TopicPartition, Long> positions = new HashMap<>();
      admin
          .listConsumerGroupOffsets(OperationsApplication.NAME, SOON)
          .partitionsToOffsetAndMetadata()
          .get()
          .forEach((partition, position) -> {
            if (position != null) {
              positions.put(partition, position.offset());
            }
          });
      return positions;
    } catch (ExecutionException e) {
      log.warn("Kafka does not say how far the redriver is: {}", e.toString());
      return Map.of();
    }
  }

  @Override
  public void destroy() {
    admin.close();
  }
}

package shop.order.placement;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.order.OrderId;
import shop.order.PlaceOrder;

/** The log of what customers ask for. What it has acknowledged is accepted. */
@Component
class CommandLog {

  private final KafkaTemplate<byte[], byte[]> kafka;

  CommandLog(KafkaTemplate<byte[], byte[]> kafka) {
    this.kafka = kafka;
  }

  /**
   * Appends a command and waits for the acknowledgement.
   *
   * @param deadline what is appended later counts for nobody
   * @throws OutcomeUnknown if there was none in time, or the broker stamped it too late
   */
  void append(OrderId id, PlaceOrder command, Instant now, Instant deadline) {
    var envelope =
        Envelope.of(PlaceOrder.TYPE, "order-service", id.toString(), now).withId(id + "/place");
    var record = envelope.record(Topics.ORDER_COMMANDS.name(), command);
    record.headers().add(PlaceOrder.DEADLINE, deadline.toString().getBytes(UTF_8));
    RecordMetadata appended;
    try {
      appended = kafka.send(record).get().getRecordMetadata();
    } catch (ExecutionException | KafkaException e) {
      throw new OutcomeUnknown("Kafka did not acknowledge the order in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutcomeUnknown("Interrupted while waiting for Kafka", e);
    }
    if (appended.timestamp() > deadline.toEpochMilli()) {
      throw new OutcomeUnknown("The order reached the log after its deadline", null);
    }
  }
}

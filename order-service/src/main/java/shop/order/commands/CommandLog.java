package shop.order.commands;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.kafka.Acknowledged;
import shop.common.kafka.Acknowledged.NotAcknowledged;
import shop.common.kafka.Topics;
import shop.order.CommandAnswer;
import shop.order.Deadline;
import shop.order.OrderCommand;
import shop.order.OrderId;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;

/** The log of what is asked of orders. What it has acknowledged is accepted or will be answered. */
@Component
public class CommandLog {

  private static final String SOURCE = "order-service";

  private final KafkaTemplate<byte[], byte[]> kafka;

  CommandLog(KafkaTemplate<byte[], byte[]> kafka) {
    this.kafka = kafka;
  }

  /**
   * Appends an order and waits for the acknowledgement.
   *
   * @param deadline what is appended later counts for nobody
   * @throws OutcomeUnknown if there was none in time, or the broker stamped it too late
   */
  public void append(OrderId id, SerializedOrder order, Instant now, Deadline deadline) {
    var envelope = Envelope.of(PlaceOrder.TYPE, SOURCE, id.toString(), now).withId(id + "/place");
    var record = envelope.record(Topics.ORDER_COMMANDS.name(), order.json());
    deadline.mark(record.headers());
    if (deadline.isMissed(append(record).timestamp())) {
      throw new OutcomeUnknown("The order reached the log after its deadline", null);
    }
  }

  /**
   * Appends any other command and waits for the acknowledgement.
   *
   * @param commandId its name; the processor accepts a name once
   * @param given the mark by which its outcome is known again
   * @throws OutcomeUnknown if there was none in time
   */
  void append(OrderId id, String commandId, String given, OrderCommand command, Instant now) {
    var record = record(id, commandId, command.type(), command, now);
    record.headers().add(CommandAnswer.GIVEN, given.getBytes(UTF_8));
    append(record);
  }

  /**
   * Appends what payment-service knows of an order and waits for the acknowledgement.
   *
   * @throws OutcomeUnknown if there was none in time
   */
  public void append(OrderId id, OrderCommand.Settle told, Instant now) {
    append(record(id, id + "/settle/" + now.toEpochMilli(), OrderCommand.Settle.TYPE, told, now));
  }

  private static ProducerRecord<byte[], byte[]> record(
      OrderId id, String commandId, String type, Object command, Instant now) {
    return Envelope.of(type, SOURCE, id.toString(), now)
        .withId(commandId)
        .record(Topics.ORDER_COMMANDS.name(), command);
  }

  private RecordMetadata append(ProducerRecord<byte[], byte[]> record) {
    try {
      return Acknowledged.append(kafka, record);
    } catch (NotAcknowledged e) {
      throw new OutcomeUnknown("Kafka did not acknowledge the command in time", e);
    }
  }
}

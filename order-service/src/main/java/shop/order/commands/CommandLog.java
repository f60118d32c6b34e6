package shop.order.commands;

import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Acknowledged.NotAcknowledged;
import shop.common.kafka.Topics;
import shop.common.time.TimeLimits;
import shop.order.Deadline;
import shop.order.OrderCommand;
import shop.order.OrderId;
import shop.order.OrderSummary;
import shop.order.OrderTimings;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;
import shop.order.kafka.BrokerClock;
import shop.order.kafka.CorrelationIdHeader;
import shop.order.kafka.DeadlineHeader;
import shop.order.kafka.OrderSummaryHeader;

/**
 * Appends commands to {@code order-commands}. An acknowledged command is accepted, or will be
 * answered by the processor.
 */
@Component
public class CommandLog {

  private static final String SOURCE = "order-service";

  private final KafkaTemplate<byte[], byte[]> kafka;
  private final BrokerClock brokerClock;

  CommandLog(KafkaTemplate<byte[], byte[]> kafka, BrokerClock brokerClock, OrderTimings timings) {
    this.kafka = kafka;
    this.brokerClock = brokerClock;
    TimeLimits.requireLonger(
        "shop.placement.deadline",
        timings.deadline(),
        "the producer's delivery.timeout.ms plus shop.placement.max-clock-skew",
        TimeLimits.deliveryTimeout(kafka.getProducerFactory().getConfigurationProperties())
            .plus(timings.maxClockSkew()));
  }

  /**
   * Appends the command to place an order and waits for the acknowledgement.
   *
   * @param deadline a command that is appended later is ignored
   * @throws OutcomeUnknown without an acknowledgement in time, or if the deadline was missed
   */
  public void append(OrderId id, SerializedOrder order, Instant now, Deadline deadline) {
    var envelope = Envelope.of(PlaceOrder.TYPE, SOURCE, id.toString(), now).withId(id + "/place");
    var record = envelope.record(Topics.ORDER_COMMANDS.name(), order.json());
    DeadlineHeader.write(record.headers(), deadline);
    OrderSummaryHeader.write(record.headers(), OrderSummary.of(order.order()));
    if (deadline.isMissed(append(record).timestamp())) {
      throw OutcomeUnknown.late(brokerClock.explanation());
    }
  }

  /**
   * Appends any other command and waits for the acknowledgement.
   *
   * @param commandId identifies the command; the processor accepts an id once
   * @param correlationId by which {@link PendingCommands} recognises the result
   * @throws OutcomeUnknown without an acknowledgement in time
   */
  void append(
      OrderId id, String commandId, String correlationId, OrderCommand command, Instant now) {
    var record = record(id, commandId, command.type(), command, now);
    CorrelationIdHeader.write(record.headers(), correlationId);
    append(record);
  }

  /**
   * Appends the facts that payment-service reported about an order and waits for the
   * acknowledgement. The command's id is derived from the facts, so that repetitions are
   * recognised.
   *
   * @throws OutcomeUnknown without an acknowledgement in time
   */
  public void append(OrderId id, OrderCommand.Settle command, Instant now) {
    String commandId = id + "/settle/" + UUID.nameUUIDFromBytes(Json.bytes(command));
    append(record(id, commandId, OrderCommand.Settle.TYPE, command, now));
  }

  private static ProducerRecord<byte[], byte[]> record(
      OrderId id, String commandId, String type, Object command, Instant now) {
    return Envelope.of(type, SOURCE, id.toString(), now)
        .withId(commandId)
        .record(Topics.ORDER_COMMANDS.name(), command);
  }

  private RecordMetadata append(ProducerRecord<byte[], byte[]> record) {
    try {
      return brokerClock.append(kafka, record);
    } catch (NotAcknowledged e) {
      throw new OutcomeUnknown("Kafka did not acknowledge the command in time", e);
    }
  }
}

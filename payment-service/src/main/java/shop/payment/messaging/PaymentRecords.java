package shop.payment.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.payment.LoggedEvent;
import shop.payment.PaymentEvent;

/** Writes and reads payment events as records of topic {@code payments}. */
final class PaymentRecords {

  static final String SOURCE = "payment-service";

  private PaymentRecords() {}

  static ProducerRecord<byte[], byte[]> write(UUID orderId, PaymentEvent event, Instant at) {
    return Envelope.of(event.type(), SOURCE, orderId.toString(), at.truncatedTo(ChronoUnit.MILLIS))
        .record(Topics.PAYMENTS.name(), event);
  }

  /** The partition that has the events of an order. */
  static int partition(UUID orderId) {
    byte[] key = orderId.toString().getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(key)) % Topics.PAYMENTS.partitions();
  }

  /**
   * The event of a record; empty for types that this version does not have. Memory and tables read
   * the log here, and so in the same way.
   *
   * @throws RuntimeException if it is not a payment event, or not in the partition of its order
   */
  static Optional<LoggedEvent> read(ConsumerRecord<byte[], byte[]> record) {
    var envelope = Envelope.of(record.headers());
    byte @Nullable [] value = record.value();
    if (value == null) {
      throw new MalformedEvent("The record has no data");
    }
    var orderId = UUID.fromString(envelope.subject());
    if (record.partition() != partition(orderId)) {
      throw new MalformedEvent("The events of the order are in partition " + partition(orderId));
    }
    return read(envelope, value)
        .map(event ->
            new LoggedEvent(
                orderId,
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                event,
                envelope.time().truncatedTo(ChronoUnit.MICROS)));
  }

  /** The event of a record's data; empty for types that this version does not have. */
  static Optional<PaymentEvent> read(Envelope envelope, byte[] value) {
    return switch (envelope.type()) {
      case PaymentEvent.Started.TYPE -> Optional.of(Json.read(value, PaymentEvent.Started.class));
      case PaymentEvent.Captured.TYPE -> Optional.of(Json.read(value, PaymentEvent.Captured.class));
      case PaymentEvent.Declined.TYPE -> Optional.of(Json.read(value, PaymentEvent.Declined.class));
      case PaymentEvent.Voided.TYPE -> Optional.of(Json.read(value, PaymentEvent.Voided.class));
      case PaymentEvent.RefundStarted.TYPE ->
          Optional.of(Json.read(value, PaymentEvent.RefundStarted.class));
      case PaymentEvent.Refunded.TYPE -> Optional.of(Json.read(value, PaymentEvent.Refunded.class));
      case PaymentEvent.RefundFailed.TYPE ->
          Optional.of(Json.read(value, PaymentEvent.RefundFailed.class));
      case PaymentEvent.RefundFailedLater.TYPE ->
          Optional.of(Json.read(value, PaymentEvent.RefundFailedLater.class));
      default -> Optional.empty();
    };
  }
}

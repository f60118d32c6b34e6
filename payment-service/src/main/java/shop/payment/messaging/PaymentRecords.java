package shop.payment.messaging;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.payment.PaymentEvent;

/** Writes and reads payment events as records of topic {@code payments}. */
final class PaymentRecords {

  static final String SOURCE = "payment-service";

  private PaymentRecords() {}

  static ProducerRecord<byte[], byte[]> write(UUID orderId, PaymentEvent event, Instant at) {
    return Envelope.of(event.type(), SOURCE, orderId.toString(), at.truncatedTo(ChronoUnit.MILLIS))
        .record(Topics.PAYMENTS.name(), event);
  }

  /** The event of a record; empty for types that this version does not have. */
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

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

/** Payment events as records of {@code payments}. */
final class PaymentRecords {

  static final String SOURCE = "payment-service";
  static final String STARTED = "shop.payment.started.v1";
  static final String CAPTURED = "shop.payment.captured.v1";
  static final String DECLINED = "shop.payment.declined.v1";

  private PaymentRecords() {}

  static ProducerRecord<byte[], byte[]> write(UUID orderId, PaymentEvent event, Instant at) {
    String type =
        switch (event) {
          case PaymentEvent.Started _ -> STARTED;
          case PaymentEvent.Captured _ -> CAPTURED;
          case PaymentEvent.Declined _ -> DECLINED;
        };
    return Envelope.of(type, SOURCE, orderId.toString(), at.truncatedTo(ChronoUnit.MILLIS))
        .record(Topics.PAYMENTS.name(), event);
  }

  /** The event of a record; empty for types that came later than this code. */
  static Optional<PaymentEvent> read(Envelope envelope, byte[] value) {
    return switch (envelope.type()) {
      case STARTED -> Optional.of(Json.read(value, PaymentEvent.Started.class));
      case CAPTURED -> Optional.of(Json.read(value, PaymentEvent.Captured.class));
      case DECLINED -> Optional.of(Json.read(value, PaymentEvent.Declined.class));
      default -> Optional.empty();
    };
  }
}

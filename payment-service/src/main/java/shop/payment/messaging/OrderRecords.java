package shop.payment.messaging;

import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.money.Money;
import shop.payment.Due;

/** Order events, as far as they say that something is to be paid. */
final class OrderRecords {

  static final String PLACED = "shop.order.placed.v1";

  private OrderRecords() {}

  /**
   * What a record asks to be paid; empty for events that ask nothing.
   *
   * @throws MalformedEvent if it is no numbered event
   * @throws shop.common.json.MalformedJson if its data are not what its type says
   */
  static Optional<Due> read(Envelope envelope, ConsumerRecord<byte[], byte[]> record) {
    envelope.requireSequence();
    byte @Nullable [] value = record.value();
    if (value == null) {
      throw new MalformedEvent("It has no data");
    }
    return PLACED.equals(envelope.type())
        ? Optional.of(Json.read(value, Placed.class).due(orderId(envelope)))
        : Optional.empty();
  }

  private static UUID orderId(Envelope envelope) {
    try {
      return UUID.fromString(envelope.subject());
    } catch (IllegalArgumentException e) {
      throw new MalformedEvent("ce_subject is no order id", e);
    }
  }

  /** What paying reads of a placed order. */
  record Placed(UUID customerId, Money total, String paymentMethod) {
    Placed {
      if (customerId == null || total == null || paymentMethod == null) {
        throw new IllegalArgumentException("customerId, total and paymentMethod are required");
      }
    }

    Due due(UUID orderId) {
      return new Due(orderId, customerId, total, paymentMethod);
    }
  }
}

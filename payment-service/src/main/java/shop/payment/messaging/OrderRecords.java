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
import shop.payment.PaymentTask;

/** Order events, as far as they ask something of this service. */
final class OrderRecords {

  static final String PLACED = "shop.order.placed.v1";
  static final String CANCEL_REQUESTED = "shop.order.cancel-requested.v1";
  static final String REFUND_REQUESTED = "shop.order.refund-requested.v1";

  /**
   * Tells whoever gave a command what came of it; it is no event of the order, and not numbered.
   */
  private static final String ANSWERED = "shop.order.command-answered.v1";

  private OrderRecords() {}

  /**
   * What a record asks; empty for events that ask nothing.
   *
   * @throws MalformedEvent if it is no numbered event
   * @throws shop.common.json.MalformedJson if its data are not what its type says
   */
  static Optional<PaymentTask> read(Envelope envelope, ConsumerRecord<byte[], byte[]> record) {
    if (ANSWERED.equals(envelope.type())) {
      return Optional.empty();
    }
    envelope.requireSequence();
    byte @Nullable [] value = record.value();
    if (value == null) {
      throw new MalformedEvent("It has no data");
    }
    return switch (envelope.type()) {
      case PLACED -> Optional.of(Json.read(value, Placed.class).duty(orderId(envelope)));
      case CANCEL_REQUESTED ->
          Optional.of(Json.read(value, CancelRequested.class).duty(orderId(envelope)));
      case REFUND_REQUESTED ->
          Optional.of(Json.read(value, RefundRequested.class).duty(orderId(envelope)));
      default -> Optional.empty();
    };
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
    PaymentTask duty(UUID orderId) {
      return new Due(orderId, customerId, total, paymentMethod);
    }
  }

  /** What cancelling reads; everything else is in the log of payments. */
  record CancelRequested(UUID customerId) {
    PaymentTask duty(UUID orderId) {
      return new PaymentTask.Cancel(orderId, customerId);
    }
  }

  /** What refunding reads. */
  record RefundRequested(UUID customerId, UUID refundId, Money amount) {
    PaymentTask duty(UUID orderId) {
      return new PaymentTask.GiveBack(orderId, customerId, refundId, amount);
    }
  }
}

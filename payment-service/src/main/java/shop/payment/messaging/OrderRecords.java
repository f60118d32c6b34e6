package shop.payment.messaging;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import shop.common.deadletter.Redrive;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.event.UnnumberedTypes;
import shop.common.json.Json;
import shop.common.json.MalformedJson;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.payment.PaymentTask;
import shop.payment.PlacedOrder;

/** Reads payment tasks from records of order events. */
final class OrderRecords {

  static final String PLACED = "shop.order.placed.v1";
  static final String CANCEL_REQUESTED = "shop.order.cancel-requested.v1";
  static final String REFUND_REQUESTED = "shop.order.refund-requested.v1";

  private OrderRecords() {}

  /**
   * The task of a record; empty for events that require nothing of this service.
   *
   * @throws MalformedEvent if it is no event with a sequence number
   * @throws shop.common.json.MalformedJson if its data do not have the form of its type
   */
  static Optional<PaymentTask> read(Envelope envelope, ConsumerRecord<byte[], byte[]> record) {
    if (UnnumberedTypes.contains(envelope.type())) {
      return Optional.empty();
    }
    envelope.requireSequence();
    byte @Nullable [] value = record.value();
    if (value == null) {
      throw new MalformedEvent("The record has no data");
    }
    return switch (envelope.type()) {
      case PLACED -> Optional.of(Json.read(value, Placed.class).task(orderId(envelope)));
      case CANCEL_REQUESTED ->
          Optional.of(Json.read(value, CancelRequested.class).task(orderId(envelope)));
      case REFUND_REQUESTED ->
          Optional.of(Json.read(value, RefundRequested.class).task(orderId(envelope)));
      default -> Optional.empty();
    };
  }

  /**
   * When the order of a record was placed, as far as that can be trusted. It cannot for a record
   * that was redriven, because an admin may have edited it, and it is never later than the event.
   */
  static Optional<PlacedOrder> placed(Envelope envelope, ConsumerRecord<byte[], byte[]> record) {
    if (!Topics.ORDERS.name().equals(record.topic())
        || Redrive.of(record.headers()).isPresent()
        || Redrive.isSettlement(record.headers())) {
      return Optional.empty();
    }
    return time(envelope, record.value())
        .map(time -> time.isBefore(envelope.time()) ? time : envelope.time())
        .map(time -> new PlacedOrder(orderId(envelope), time));
  }

  private static Optional<Instant> time(Envelope envelope, byte[] value) {
    try {
      var times = Json.read(value, Times.class);
      return Optional.ofNullable(
          PLACED.equals(envelope.type()) ? times.createdAt() : times.placedAt());
    } catch (MalformedJson e) {
      return Optional.empty();
    }
  }

  /** The time at which an order was placed, in the event itself and in later ones. */
  record Times(@Nullable Instant createdAt, @Nullable Instant placedAt) {}

  private static UUID orderId(Envelope envelope) {
    try {
      return UUID.fromString(envelope.subject());
    } catch (IllegalArgumentException e) {
      throw new MalformedEvent("ce_subject is not an order id", e);
    }
  }

  /** The fields of a placed order that a payment needs. */
  record Placed(UUID customerId, Money total, String paymentMethod) {
    PaymentTask task(UUID orderId) {
      return new PaymentTask.Pay(orderId, customerId, total, paymentMethod);
    }
  }

  /** The field that a cancellation needs; the rest is in the log of payments. */
  record CancelRequested(UUID customerId) {
    PaymentTask task(UUID orderId) {
      return new PaymentTask.Cancel(orderId, customerId);
    }
  }

  /** The fields that a refund needs. */
  record RefundRequested(UUID customerId, UUID refundId, Money amount) {
    PaymentTask task(UUID orderId) {
      return new PaymentTask.Refund(orderId, customerId, refundId, amount);
    }
  }
}

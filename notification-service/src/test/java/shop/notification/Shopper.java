package shop.notification;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import shop.common.event.Envelope;
import shop.common.id.Uuids;
import shop.common.kafka.Topics;
import shop.common.testkit.Contracts;
import shop.common.trace.TraceContext;

/** A customer, with the events of the account and its orders. */
public record Shopper(String email) {

  private static final UUID ACCOUNTS = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
  private static final Map<String, Object> TOTAL = Map.of("amount", 2580, "currency", "EUR");

  public static Shopper random() {
    return new Shopper("shopper-" + UUID.randomUUID() + "@example.org");
  }

  public UUID id() {
    return Uuids.v5(ACCOUNTS, email);
  }

  public ProducerRecord<byte[], byte[]> registers() {
    return Envelope.of("shop.account.registered.v1", "gateway", id().toString(), Instant.now())
        .record(
            Topics.ACCOUNTS.name(),
            Map.of("email", email, "passwordHash", "x", "roles", List.of("CUSTOMER")));
  }

  public ProducerRecord<byte[], byte[]> places(UUID order) {
    return placesAt(order, Instant.now());
  }

  public ProducerRecord<byte[], byte[]> placesAt(UUID order, Instant time) {
    var item =
        Map.of(
            "sku",
            "MUG",
            "name",
            "White <mug>",
            "quantity",
            2,
            "unitPrice",
            TOTAL,
            "lineTotal",
            TOTAL);
    return event(
        order,
        "shop.order.placed.v1",
        1,
        time,
        Map.of("customerId", id(), "items", List.of(item), "total", TOTAL, "createdAt", time));
  }

  public ProducerRecord<byte[], byte[]> isConfirmed(UUID order) {
    return event(
        order,
        "shop.order.confirmed.v1",
        2,
        Instant.now(),
        Map.of("customerId", id(), "total", TOTAL, "paymentIntentId", "pi_1"));
  }

  public ProducerRecord<byte[], byte[]> isDeclined(UUID order) {
    return event(
        order,
        "shop.order.payment-failed.v1",
        2,
        Instant.now(),
        Map.of("customerId", id(), "total", TOTAL, "reason", "insufficient_funds"));
  }

  /** A refund, the first of the order. */
  public ProducerRecord<byte[], byte[]> isRefunded(UUID order, long sequence, long amount) {
    return event(
        order,
        "shop.order.refunded.v1",
        sequence,
        Instant.now(),
        Map.of(
            "customerId",
            id(),
            "refundId",
            UUID.randomUUID(),
            "amount",
            Map.of("amount", amount, "currency", "EUR"),
            "refundedTotal",
            Map.of("amount", amount, "currency", "EUR"),
            "total",
            TOTAL));
  }

  public ProducerRecord<byte[], byte[]> isShipped(UUID order) {
    return event(
        order,
        "shop.order.shipped.v1",
        3,
        Instant.now(),
        Map.of(
            "customerId",
            id(),
            "total",
            TOTAL,
            "carrier",
            "Example Post",
            "trackingNumber",
            "EX123456789DE"));
  }

  /** An event with only the fields that all order events have: customer and total. */
  public ProducerRecord<byte[], byte[]> orderEvent(UUID order, String type, long sequence) {
    return event(order, type, sequence, Instant.now(), Map.of("customerId", id(), "total", TOTAL));
  }

  /** The result of the delivery of an order's event. */
  public ProducerRecord<byte[], byte[]> result(
      UUID order, long sequence, String type, Map<String, Object> data) {
    Map<String, Object> all = new HashMap<>(data);
    all.put("deliveryId", Uuids.v5(order, sequence + "/email/" + id()));
    all.put("orderSequence", sequence);
    all.put("channel", "email");
    all.put("template", "order-placed");
    return Envelope.of(type, "notification-service", order.toString(), Instant.now())
        .record(Topics.NOTIFICATIONS.name(), all);
  }

  /** A record of a type that has no sequence number. */
  public static ProducerRecord<byte[], byte[]> unnumbered(UUID order, String type) {
    return Envelope.of(type, "order-service", order.toString(), Instant.now())
        .record(Topics.ORDERS.name(), Contracts.sample(type).get("data"));
  }

  public static ProducerRecord<byte[], byte[]> event(
      UUID order, String type, long sequence, Instant time, Map<String, Object> data) {
    return new Envelope(
            UUID.randomUUID().toString(),
            type,
            "order-service",
            order.toString(),
            time,
            sequence,
            TraceContext.fresh())
        .record(Topics.ORDERS.name(), data);
  }
}

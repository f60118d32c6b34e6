package shop.bench.age;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A generated order: what happens to it, from its placement to its end, in the records of the
 * topics and of the payment provider's ledger. The same random numbers give the same order.
 */
final class OrderLifecycle {

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final Duration STARTED = Duration.ofMillis(150);
  private static final Duration SETTLED = Duration.ofMillis(400);

  /** How an order ends. */
  enum Outcome {
    DELIVERED(78),
    SHIPPED(6),
    PAYMENT_FAILED(6),
    CANCELLED(4),
    REFUNDED(3),
    PARTLY_REFUNDED(3);

    private final int percent;

    Outcome(int percent) {
      this.percent = percent;
    }

    private static Outcome random(RandomGenerator random) {
      int rest = random.nextInt(100);
      for (var outcome : values()) {
        rest -= outcome.percent;
        if (rest < 0) {
          return outcome;
        }
      }
      throw new IllegalStateException("The shares are less than 100 %");
    }

    private boolean isPaid() {
      return this != PAYMENT_FAILED && this != CANCELLED;
    }

    private boolean isDelivered() {
      return isPaid() && this != SHIPPED;
    }

    private boolean isRefunded() {
      return this == REFUNDED || this == PARTLY_REFUNDED;
    }
  }

  private final RandomGenerator random;
  private final UUID customer;
  private final UUID key;
  private final UUID id;
  private final Instant placedAt;
  private final String fingerprint;
  private final Product product;
  private final int quantity;
  private final Outcome outcome;
  private final String intent;
  private final List<Step> steps = new ArrayList<>();
  private final List<Map<String, Object>> states = new ArrayList<>();

  // Of the step that is being made.
  private final List<LoggedEvent> events = new ArrayList<>();
  private final List<Map<String, Object>> facts = new ArrayList<>();
  private final Map<String, Object> commands = new LinkedHashMap<>();
  private final Map<String, Object> requests = new LinkedHashMap<>();
  private int sequence;

  /** An order with a random outcome. */
  OrderLifecycle(RandomGenerator random, UUID customer, Product product, Instant placedAt) {
    this(random, customer, product, placedAt, Outcome.random(random));
  }

  OrderLifecycle(
      RandomGenerator random, UUID customer, Product product, Instant placedAt, Outcome outcome) {
    this.random = random;
    this.customer = customer;
    this.placedAt = placedAt;
    this.product = product;
    this.outcome = outcome;
    this.key = uuid();
    this.id = version5(customer, key.toString());
    this.fingerprint = hex();
    this.quantity = 1 + random.nextInt(2);
    this.intent = providerId("pi_");
    place();
    if (outcome.isPaid()) {
      ship();
    }
    if (outcome.isDelivered()) {
      deliver();
    }
    if (outcome.isRefunded()) {
      refund();
    }
  }

  UUID id() {
    return id;
  }

  Instant placedAt() {
    return placedAt;
  }

  /** What happens to it, in order of time. */
  List<Step> steps() {
    return steps;
  }

  /** What the order processor stores of it after a number of steps. */
  Map<String, Object> stateAfter(int count) {
    return states.get(count - 1);
  }

  private void place() {
    event("orders", "shop.order.placed.v1", placedAt, placed());
    var started = placedAt.plus(STARTED);
    event("payments", "shop.payment.started.v1", started, payment("attempt", 1));
    facts.add(
        fact(
            "created",
            started,
            "amount",
            total(),
            "currency",
            "eur",
            "manualCapture",
            false,
            "paymentMethod",
            paymentMethod(),
            "metadata",
            Map.of("order_id", id.toString())));
    var settled = placedAt.plus(SETTLED);
    switch (outcome) {
      case PAYMENT_FAILED -> decline(settled);
      case CANCELLED -> cancel(settled);
      case DELIVERED, SHIPPED, REFUNDED, PARTLY_REFUNDED -> capture(settled);
    }
  }

  private void capture(Instant at) {
    facts.add(
        fact(
            "confirmed",
            at,
            "paymentMethod",
            paymentMethod(),
            "manualCapture",
            false,
            "status",
            "REQUIRES_CAPTURE"));
    facts.add(fact("captured", at, "amount", total()));
    event("payments", "shop.payment.captured.v1", at, payment());
    event(
        "orders",
        "shop.order.confirmed.v1",
        at,
        ofOrder("total", money(total()), "paymentIntentId", intent));
    notice("order-confirmed", at);
    end(at, "CONFIRMED", Map.of());
  }

  private void decline(Instant at) {
    var reason = "insufficient_funds";
    facts.add(
        fact(
            "declined",
            at,
            "paymentMethod",
            paymentMethod(),
            "code",
            "card_declined",
            "declineCode",
            reason,
            "message",
            "Your card has insufficient funds."));
    facts.add(fact("canceled", at));
    event("payments", "shop.payment.declined.v1", at, payment("reason", reason));
    event(
        "orders",
        "shop.order.payment-failed.v1",
        at,
        ofOrder("total", money(total()), "reason", reason));
    notice("payment-failed", at);
    end(at, "PAYMENT_FAILED", Map.of());
  }

  private void cancel(Instant at) {
    var reason = "ordered by mistake";
    event(
        "orders",
        "shop.order.cancel-requested.v1",
        at,
        ofOrder("total", money(total()), "reason", reason));
    accepted(id + "/cancel");
    facts.add(fact("canceled", at));
    event("payments", "shop.payment.voided.v1", at, voided());
    event("orders", "shop.order.cancelled.v1", at, ofOrder("total", money(total())));
    notice("order-cancelled", at);
    end(at, "CANCELLED", Map.of());
  }

  private void ship() {
    var at = placedAt.plus(hours(8, 30));
    var shipment = uuid();
    event(
        "orders",
        "shop.order.shipped.v1",
        at,
        ofOrder(
            "total",
            money(total()),
            "shipmentId",
            shipment.toString(),
            "carrier",
            "Example Post",
            "trackingNumber",
            "EX%09dDE".formatted(random.nextInt(1_000_000_000))));
    accepted(shipment.toString());
    notice("order-shipped", at);
    end(at, "SHIPPED", Map.of());
  }

  private void deliver() {
    var at = placedAt.plus(hours(40, 100));
    event("orders", "shop.order.delivered.v1", at, ofOrder("total", money(total())));
    accepted(uuid().toString());
    end(at, "DELIVERED", Map.of());
  }

  private void refund() {
    var at = placedAt.plus(hours(120, 400));
    boolean whole = outcome == Outcome.REFUNDED;
    long amount = whole ? total() : total() / 2;
    var refund = uuid().toString();
    var providerId = providerId("re_");
    event(
        "orders",
        "shop.order.refund-requested.v1",
        at,
        ofOrder(
            "refundId",
            refund,
            "amount",
            money(amount),
            "reason",
            "it was broken",
            "paymentIntentId",
            intent));
    accepted(refund);
    event(
        "payments",
        "shop.payment.refund-started.v1",
        at.plus(STARTED),
        ofPayment("refundId", refund, "attempt", 1, "amount", money(amount)));
    var done = at.plus(SETTLED);
    facts.add(
        fields(
            "fact",
            "refunded",
            "at",
            done.toString(),
            "refund",
            fields(
                "id",
                providerId,
                "created",
                done.toString(),
                "intent",
                intent,
                "charge",
                "ch_" + intent.substring(3) + "1",
                "amount",
                amount,
                "currency",
                "eur",
                "metadata",
                Map.of("order_id", id.toString(), "refund_id", refund))));
    event(
        "payments",
        "shop.payment.refunded.v1",
        done,
        ofPayment("refundId", refund, "pspRefundId", providerId, "amount", money(amount)));
    event(
        "orders",
        "shop.order.refunded.v1",
        done,
        ofOrder(
            "refundId",
            refund,
            "amount",
            money(amount),
            "refundedTotal",
            money(amount),
            "total",
            money(total())));
    notice("order-refunded", done);
    end(
        done,
        whole ? "REFUNDED" : "DELIVERED",
        Map.of(refund, fields("amount", money(amount), "progress", "DONE")));
  }

  private Map<String, Object> placed() {
    var line =
        fields(
            "sku",
            product.sku(),
            "name",
            product.name(),
            "quantity",
            quantity,
            "unitPrice",
            money(product.cents()),
            "lineTotal",
            money(total()));
    var address =
        fields(
            "name",
            "Customer " + hex().substring(0, 8),
            "line1",
            1 + random.nextInt(200) + " Sample Street",
            "city",
            "Berlin",
            "postalCode",
            "10115",
            "country",
            "DE");
    return fields(
        "customerId",
        customer.toString(),
        "idempotencyKey",
        key.toString(),
        "fingerprint",
        fingerprint,
        "items",
        List.of(line),
        "total",
        money(total()),
        "paymentMethod",
        paymentMethod(),
        "shippingAddress",
        address,
        "createdAt",
        placedAt.toString());
  }

  private Map<String, Object> ofOrder(Object... namesAndValues) {
    var data = fields("customerId", customer.toString());
    data.putAll(fields(namesAndValues));
    data.put("placedAt", placedAt.toString());
    return data;
  }

  private Map<String, Object> payment(Object... namesAndValues) {
    var data = ofPayment(namesAndValues);
    data.put("amount", money(total()));
    return data;
  }

  private Map<String, Object> voided() {
    return ofPayment();
  }

  private Map<String, Object> ofPayment(Object... namesAndValues) {
    var data = fields("customerId", customer.toString(), "paymentIntentId", intent);
    data.putAll(fields(namesAndValues));
    return data;
  }

  private Map<String, Object> fact(String kind, Instant at, Object... namesAndValues) {
    var fact = fields("fact", kind, "at", at.toString(), "intent", intent);
    fact.putAll(fields(namesAndValues));
    return fact;
  }

  private void notice(String template, Instant at) {
    event(
        "notifications",
        "shop.notification.sent.v1",
        at,
        fields(
            "deliveryId",
            uuid().toString(),
            "orderSequence",
            sequence,
            "channel",
            "email",
            "template",
            template,
            "attempts",
            1));
  }

  private void event(String topic, String type, Instant at, Map<String, Object> data) {
    int number = topic.equals("orders") ? ++sequence : 0;
    events.add(new LoggedEvent(topic, type, at, number, data));
  }

  /** A command caused the last event. */
  private void accepted(String command) {
    commands.put(command, sequence);
    requests.put(command, hex());
  }

  private void end(Instant at, String status, Map<String, Object> refunds) {
    steps.add(new Step(at, List.copyOf(events), List.copyOf(facts)));
    events.clear();
    facts.clear();
    var state =
        fields(
            "status",
            status,
            "sequence",
            sequence,
            "customerId",
            customer.toString(),
            "total",
            money(total()),
            "placedAt",
            placedAt.toString(),
            "fingerprint",
            fingerprint,
            "startedIntentId",
            intent,
            "paymentIntentId",
            outcome.isPaid() ? intent : null,
            "refunds",
            refunds,
            "commands",
            new LinkedHashMap<>(commands),
            "requests",
            new LinkedHashMap<>(requests));
    states.add(state);
  }

  private long total() {
    return product.cents() * quantity;
  }

  private String paymentMethod() {
    return outcome == Outcome.PAYMENT_FAILED
        ? "pm_card_chargeDeclinedInsufficientFunds"
        : "pm_card_visa";
  }

  private static Map<String, Object> money(long cents) {
    return fields("amount", cents, "currency", "EUR");
  }

  private Duration hours(int from, int to) {
    return Duration.ofSeconds(random.nextLong(from * 3600L, to * 3600L));
  }

  private UUID uuid() {
    long high = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
    return new UUID(high, (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | Long.MIN_VALUE);
  }

  private String hex() {
    var text = new StringBuilder(64);
    for (int i = 0; i < 4; i++) {
      var part = Long.toHexString(random.nextLong());
      text.append("0".repeat(16 - part.length())).append(part);
    }
    return text.toString();
  }

  private String providerId(String prefix) {
    var text = new StringBuilder(prefix);
    for (int i = 0; i < 24; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  /** The id of an order of this customer and key (RFC 9562, version 5). */
  private static UUID version5(UUID namespace, String name) {
    try {
      var sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(
          ByteBuffer.allocate(16)
              .putLong(namespace.getMostSignificantBits())
              .putLong(namespace.getLeastSignificantBits())
              .flip());
      var hash = ByteBuffer.wrap(sha1.digest(name.getBytes(UTF_8)));
      long high = (hash.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x5000L;
      return new UUID(high, (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | Long.MIN_VALUE);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform supports SHA-1", e);
    }
  }

  /** Names and values in turn; a name without a value is left out. */
  private static Map<String, Object> fields(@Nullable Object... namesAndValues) {
    var fields = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      if (value != null) {
        fields.put(String.valueOf(namesAndValues[i]), value);
      }
    }
    return fields;
  }
}

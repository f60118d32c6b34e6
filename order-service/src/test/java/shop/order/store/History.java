package shop.order.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import shop.common.event.Envelope;
import shop.common.money.Money;
import shop.common.trace.TraceContext;
import shop.order.IdempotencyKey;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.OrderLine;
import shop.order.OrderStatus;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;
import shop.order.ShippingAddress;
import shop.order.TimelineEntry;

/**
 * A log of one partition, made at random, and what is to come of it.
 *
 * @param records the log
 * @param lives its orders
 */
record History(List<Told> records, List<Life> lives) {

  static final List<String> SKUS = List.of("CUP", "POT", "MAT");

  private static final Instant START = Instant.parse("2026-01-01T10:00:00Z");
  private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");

  /** One record of the log, as the projector hands it on. */
  interface Told {
    void to(PartitionBatch stretch);
  }

  /** What happened to an order, up to the end of the log. */
  record Life(Placed placed, List<OrderEvent> events) {
    OrderStatus status() {
      return events.stream()
          .map(OrderEvent::status)
          .filter(Objects::nonNull)
          .reduce(OrderStatus.PLACED, (_, then) -> then);
    }

    /** Pieces that the order holds or has taken away. */
    Map<String, Integer> pieces() {
      var goesAway = Set.of(OrderStatus.SHIPPED, OrderStatus.DELIVERED);
      boolean gone =
          events.stream()
              .map(OrderEvent::status)
              .filter(Objects::nonNull)
              .anyMatch(goesAway::contains);
      var givenBack =
          Set.of(OrderStatus.PAYMENT_FAILED, OrderStatus.CANCELLED, OrderStatus.REFUNDED);
      return !gone && givenBack.contains(status()) ? Map.of() : placed.pieces();
    }
  }

  /** How far its handler came before the log is read. */
  enum Left {
    NOTHING,
    CLAIMED,
    SHOWN,
    /** By another wish under the same key, which was later than the one in the log. */
    SHOWN_AS_ANOTHER,
    /** By another of the same millisecond: at another price. */
    SHOWN_AT_ANOTHER_PRICE
  }

  /** An order's wish. */
  record Placed(OrderId id, SerializedOrder order, Left left, @Nullable Instant keptUntil) {
    SerializedOrder shown() {
      return switch (left) {
        case SHOWN_AS_ANOTHER ->
            SerializedOrder.of(another(order.order(), order.order().total(), 60_000));
        case SHOWN_AT_ANOTHER_PRICE -> SerializedOrder.of(another(order.order(), euros(999), 0));
        case NOTHING, CLAIMED, SHOWN -> order;
      };
    }

    boolean isShown() {
      return left != Left.NOTHING && left != Left.CLAIMED;
    }

    Map<String, Integer> pieces() {
      return order.order().items().stream()
          .collect(Collectors.toMap(OrderLine::sku, OrderLine::quantity));
    }
  }

  /** Orders on various ways and adjustments, one through the other. */
  static History random(Random random, int orders) {
    List<List<Told>> sources = new ArrayList<>();
    List<Life> lives = new ArrayList<>();
    for (int i = 0; i < orders; i++) {
      var placed = placed(random, i);
      var whole = events(placed.order().order(), random.nextInt(8));
      var life = new Life(placed, whole.subList(0, random.nextInt(whole.size() + 1)));
      lives.add(life);
      sources.add(new ArrayList<>(records(life)));
    }
    List<Told> adjustments = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String id = "adjustment-" + random.nextInt(2);
      String sku = SKUS.get(random.nextInt(SKUS.size()));
      adjustments.add(stretch -> stretch.adjust(id, sku, 7));
    }
    sources.add(adjustments);
    List<Told> log = new ArrayList<>();
    while (!sources.isEmpty()) {
      var source = sources.get(random.nextInt(sources.size()));
      log.add(source.removeFirst());
      sources.removeIf(List::isEmpty);
    }
    return new History(log, lives);
  }

  static Placed placed(Random random, int number) {
    var customer = new UUID(7, random.nextInt(2));
    var key = IdempotencyKey.required("the-key-of-order-%04d".formatted(number));
    List<OrderLine> lines = new ArrayList<>();
    var skus = new TreeSet<String>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      skus.add(SKUS.get(random.nextInt(SKUS.size())));
    }
    skus.forEach(sku -> lines.add(OrderLine.of(sku, sku, 1 + random.nextInt(3), euros(500))));
    var order =
        new PlaceOrder(
            customer,
            key.value(),
            "fingerprint-" + number,
            lines,
            euros(1000),
            "pm_card_visa",
            new ShippingAddress("Ada Example", "1 Sample Street", "Berlin", "10115", "DE"),
            START.plusMillis(random.nextInt(3)));
    return new Placed(
        OrderId.of(customer, key),
        SerializedOrder.of(order),
        Left.values()[random.nextInt(Left.values().length)],
        random.nextInt(4) == 0 ? null : FAR);
  }

  /** The same at a price, some milliseconds later. */
  private static PlaceOrder another(PlaceOrder order, Money total, long millis) {
    return new PlaceOrder(
        order.customerId(),
        order.idempotencyKey(),
        order.fingerprint(),
        order.items(),
        total,
        order.paymentMethod(),
        order.shippingAddress(),
        order.createdAt().plusMillis(millis));
  }

  private static Money euros(long cents) {
    return new Money(cents, "EUR");
  }

  /** One of the ways that an order may go once it is placed. */
  private static List<OrderEvent> events(PlaceOrder order, int way) {
    var customer = order.customerId();
    var total = order.total();
    var at = order.createdAt();
    var refund = new UUID(1, 1);
    var confirmed = new OrderEvent.Confirmed(customer, total, "pi_1", at);
    var cancel = new OrderEvent.CancelRequested(customer, total, "changed my mind", null, at);
    var shipped = new OrderEvent.Shipped(customer, total, new UUID(1, 2), "Post", "X1", at);
    var wanted = new OrderEvent.RefundRequested(customer, refund, euros(400), "bent", "pi_1", at);
    var part = new OrderEvent.Refunded(customer, refund, euros(400), euros(400), total, at);
    var rest = new OrderEvent.Refunded(customer, refund, euros(600), total, total, at);
    return switch (way) {
      case 0 -> List.of();
      case 1 -> List.of(new OrderEvent.PaymentFailed(customer, total, "expired_card", at));
      case 2 -> List.of(cancel, new OrderEvent.Cancelled(customer, total, at));
      case 3 -> List.of(confirmed, cancel, rest);
      case 4 -> List.of(confirmed, shipped, new OrderEvent.Delivered(customer, total, at));
      case 5 -> List.of(confirmed, shipped, wanted, part, wanted, rest);
      case 6 -> List.of(confirmed, wanted, part, wanted, rest);
      default ->
          List.of(
              confirmed,
              wanted,
              new OrderEvent.RefundFailed(customer, refund, euros(400), "refused", total, at));
    };
  }

  /** The records of one order alone, on one of eight ways. */
  static List<Told> ofOneOrder(Random random, int number, int way) {
    var placed = placed(random, number);
    return records(new Life(placed, events(placed.order().order(), way)));
  }

  private static List<Told> records(Life life) {
    var placed = life.placed();
    var first = new OrderEvent.Placed(placed.order().order());
    List<Told> records = new ArrayList<>();
    records.add(
        stretch -> stretch.place(placed.id(), placed.order(), entry(1, first), placed.keptUntil()));
    for (var event : life.events()) {
      int sequence = records.size() + 1;
      records.add(stretch -> stretch.advance(placed.id(), event, entry(sequence, event)));
    }
    return records;
  }

  private static TimelineEntry entry(long sequence, OrderEvent event) {
    return TimelineEntry.of(
        new Envelope(
            "event-" + sequence,
            event.type(),
            "test",
            "order",
            START,
            sequence,
            TraceContext.current()),
        event);
  }
}

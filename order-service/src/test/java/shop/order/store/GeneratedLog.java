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
import shop.order.OrderSummary;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;
import shop.order.ShippingAddress;
import shop.order.TimelineEntry;
import shop.order.changes.LogChanges;
import shop.order.changes.StockChange;

/**
 * A random log of one partition, with the orders that must result from it.
 *
 * @param records the log
 * @param orders its orders
 */
public record GeneratedLog(List<LogRecord> records, List<OrderHistory> orders) {

  public static final List<String> SKUS = List.of("CUP", "POT", "MAT");

  private static final Instant START = Instant.parse("2026-01-01T10:00:00Z");
  private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");

  /** One record of the log, as the projector adds it. */
  public interface LogRecord {
    void addTo(LogChanges changes);
  }

  /** Whether the command of an order became a dead letter, and what came of it. */
  public enum Withheld {
    NEVER,
    /** It was redriven: event 1 follows. */
    PLACED,
    OPEN,
    ENDED
  }

  /** An order with all events of the log after its placement. */
  public record OrderHistory(PlacedOrder placed, Withheld withheld, List<OrderEvent> events) {
    public boolean isPlaced() {
      return withheld == Withheld.NEVER || withheld == Withheld.PLACED;
    }

    public OrderStatus status() {
      if (withheld == Withheld.ENDED) {
        return OrderStatus.CANCELLED;
      }
      return events.stream()
          .map(OrderEvent::status)
          .filter(Objects::nonNull)
          .reduce(OrderStatus.PLACED, (_, next) -> next);
    }

    /** The pieces that the order has reserved or consumed. */
    public Map<String, Integer> pieces() {
      var consuming = Set.of(OrderStatus.SHIPPED, OrderStatus.DELIVERED);
      boolean consumed =
          events.stream()
              .map(OrderEvent::status)
              .filter(Objects::nonNull)
              .anyMatch(consuming::contains);
      var releasing =
          Set.of(OrderStatus.PAYMENT_FAILED, OrderStatus.CANCELLED, OrderStatus.REFUNDED);
      return !consumed && releasing.contains(status()) ? Map.of() : placed.pieces();
    }
  }

  /** What the handler of the request did before the log is applied. */
  public enum HandlerProgress {
    NOTHING,
    CLAIMED,
    ACCEPTED,
    /** The handler accepted another request with the same key, later than the one in the log. */
    ACCEPTED_ANOTHER,
    /** The handler accepted another request of the same millisecond, at another price. */
    ACCEPTED_ANOTHER_PRICE
  }

  /** An order as it was placed. */
  public record PlacedOrder(
      OrderId id,
      SerializedOrder order,
      HandlerProgress progress,
      @Nullable Instant responseExpiry) {
    SerializedOrder accepted() {
      return switch (progress) {
        case ACCEPTED_ANOTHER ->
            SerializedOrder.of(another(order.order(), order.order().total(), 60_000));
        case ACCEPTED_ANOTHER_PRICE -> SerializedOrder.of(another(order.order(), euros(999), 0));
        case NOTHING, CLAIMED, ACCEPTED -> order;
      };
    }

    boolean isAccepted() {
      return progress != HandlerProgress.NOTHING && progress != HandlerProgress.CLAIMED;
    }

    public Map<String, Integer> pieces() {
      return order.order().items().stream()
          .collect(Collectors.toMap(OrderLine::sku, OrderLine::quantity));
    }
  }

  /** Orders with various events and adjustments, interleaved at random. */
  public static GeneratedLog random(Random random, int count) {
    List<List<LogRecord>> sources = new ArrayList<>();
    List<OrderHistory> orders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var placed = placed(random, i);
      var whole = events(placed.order().order(), random.nextInt(8));
      var withheld = Withheld.values()[Math.max(0, random.nextInt(6) - 2)];
      var history =
          new OrderHistory(placed, withheld, whole.subList(0, random.nextInt(whole.size() + 1)));
      if (!history.isPlaced()) {
        history = new OrderHistory(placed, withheld, List.of());
      }
      orders.add(history);
      sources.add(new ArrayList<>(records(history)));
    }
    List<LogRecord> adjustments = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String id = "adjustment-" + random.nextInt(2);
      String sku = SKUS.get(random.nextInt(SKUS.size()));
      var change = new StockChange(id, sku, 7, "0".repeat(64), "catalog-0@" + i, START);
      adjustments.add(changes -> changes.adjust(change));
    }
    sources.add(adjustments);
    List<LogRecord> log = new ArrayList<>();
    while (!sources.isEmpty()) {
      var source = sources.get(random.nextInt(sources.size()));
      log.add(source.removeFirst());
      sources.removeIf(List::isEmpty);
    }
    return new GeneratedLog(log, orders);
  }

  /** An order; {@link #ofOneOrder} with an equal generator begins with the same. */
  public static PlacedOrder placed(Random random, int number) {
    var customer = new UUID(7, random.nextInt(2));
    var key = new IdempotencyKey("the-key-of-order-%04d".formatted(number));
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
    return new PlacedOrder(
        OrderId.of(customer, key),
        SerializedOrder.of(order),
        HandlerProgress.values()[random.nextInt(HandlerProgress.values().length)],
        random.nextInt(4) == 0 ? null : FAR);
  }

  /** The same order at another price, some milliseconds later. */
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

  /** One of eight sequences of events that may follow the placement of an order. */
  private static List<OrderEvent> events(PlaceOrder order, int sequence) {
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
    return switch (sequence) {
      case 0 -> List.of();
      case 1 -> List.of(new OrderEvent.PaymentFailed(customer, total, "expired_card", at));
      case 2 -> List.of(cancel, new OrderEvent.Cancelled(customer, total, at));
      case 3 -> List.of(confirmed, cancel, rest);
      case 4 -> List.of(confirmed, shipped, new OrderEvent.Delivered(customer, total, at));
      case 5 -> List.of(confirmed, shipped, wanted, part, wanted, rest);
      case 6 ->
          List.of(
              confirmed,
              wanted,
              part,
              wanted,
              rest,
              new OrderEvent.RefundFailedLater(
                  customer, refund, euros(600), euros(400), "closed", total, at));
      default ->
          List.of(
              confirmed,
              wanted,
              new OrderEvent.RefundFailed(customer, refund, euros(400), "refused", total, at));
    };
  }

  /** The records of one order alone, with one of the eight sequences of events. */
  public static List<LogRecord> ofOneOrder(Random random, int number, int sequence) {
    var placed = placed(random, number);
    return records(
        new OrderHistory(placed, Withheld.NEVER, events(placed.order().order(), sequence)));
  }

  private static List<LogRecord> records(OrderHistory history) {
    var placed = history.placed();
    var first = new OrderEvent.Placed(placed.order().order());
    var summary = OrderSummary.of(placed.order().order());
    List<LogRecord> records = new ArrayList<>();
    if (history.withheld() != Withheld.NEVER) {
      records.add(changes -> changes.withhold(placed.id(), summary));
    }
    if (history.withheld() == Withheld.ENDED) {
      records.add(
          changes -> changes.endWithheld(placed.id(), summary, "it could not be processed"));
    }
    if (!history.isPlaced()) {
      return records;
    }
    records.add(changes ->
        changes.place(placed.id(), placed.order(), entry(1, first), placed.responseExpiry()));
    int last = 1;
    for (var event : history.events()) {
      int sequence = ++last;
      records.add(changes -> changes.advance(placed.id(), event, entry(sequence, event)));
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

package shop.order.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.money.Money;
import shop.common.testkit.TempFolders;
import shop.common.trace.TraceContext;
import shop.local.broker.RedisServer;
import shop.local.os.Ports;
import shop.order.IdempotencyKey;
import shop.order.Order;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.OrderLine;
import shop.order.OrderStatus;
import shop.order.PlaceOrder;
import shop.order.PlacementSettings;
import shop.order.ShippingAddress;
import shop.order.TimelineEntry;
import shop.order.WrittenOrder;
import shop.order.crash.View;

/** However the log is cut into stretches, Redis ends the same; a real Redis says so. */
class StretchTest {

  private static final TopicPartition PARTITION = new TopicPartition("orders", 3);
  private static final Instant START = Instant.parse("2026-01-01T10:00:00Z");
  private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");
  private static final Duration LIFE = Duration.ofDays(36500);
  private static final PlacementSettings SETTINGS =
      new PlacementSettings(
          Duration.ofSeconds(12), Duration.ofSeconds(15), Duration.ofHours(10), LIFE);
  private static final long ENOUGH = 1000;
  private static final List<String> SKUS = List.of("CUP", "POT", "MAT");

  private static @Nullable RedisServer server;
  private static @Nullable LettuceConnectionFactory connections;
  private static @Nullable View view;
  private static @Nullable Redis redis;

  @BeforeContainer
  static void start() {
    Path folder = TempFolders.create("stretches");
    server = new RedisServer(folder, Ports.freeBlock(1));
    server.start();
    var at = new RedisStandaloneConfiguration("127.0.0.1", server.endpoint().port());
    at.setDatabase(1);
    connections = new LettuceConnectionFactory(at);
    connections.start();
    redis = new Redis(connections, new DataRedisProperties());
    redis.connect();
    view = new View(server);
  }

  @AfterContainer
  static void stop() {
    requireNonNull(view).close();
    requireNonNull(redis).disconnect();
    requireNonNull(connections).destroy();
    requireNonNull(server).kill();
  }

  @BeforeTry
  void redisIsEmptyAndOpen() {
    requireNonNull(view).redis().flushall();
    view.redis().set("epoch", "one");
    requireNonNull(redis).open("one");
  }

  /** One record of the log, as the projector hands it on. */
  private interface Told {
    void to(Stretch stretch);
  }

  /**
   * A history.
   *
   * @param accepted orders that their handlers have shown before the log is read
   * @param records the log
   */
  private record History(List<Placed> accepted, List<Told> records, List<Life> lives) {}

  /** What happened to an order, up to the end of the log. */
  private record Life(Placed placed, List<OrderEvent> events) {
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
      return !gone && givenBack.contains(status()) ? Map.of() : StretchTest.pieces(placed.order());
    }
  }

  /** How far its handler came before the log is read. */
  private enum Left {
    NOTHING,
    CLAIMED,
    SHOWN,
    /** By another wish under the same key, which was later than the one in the log. */
    SHOWN_AS_ANOTHER
  }

  /** An order's wish. */
  private record Placed(OrderId id, WrittenOrder order, Left left, @Nullable Instant keptUntil) {
    WrittenOrder shown() {
      return left == Left.SHOWN_AS_ANOTHER ? WrittenOrder.of(later(order.order(), 60_000)) : order;
    }
  }

  @Property(tries = 150)
  void cutsMakeNoDifference(@ForAll Random random) {
    var history = history(random, 1 + random.nextInt(6));
    var oneByOne = redisAfter(history, _ -> true);

    assertListsAndStockAreThoseOf(history);
    assertThat(redisAfter(history, _ -> false)).isEqualTo(oneByOne);
    assertThat(redisAfter(history, _ -> random.nextInt(3) == 0)).isEqualTo(oneByOne);
  }

  @Example
  void whatComesElsewhereIsRefusedAsAWhole() {
    var history = history(new Random(1), 4);
    apply(history.records().subList(0, 3), 0, 3);
    var before = requireNonNull(view).everything();

    assertThat(apply(history.records().subList(4, 6), 4, 6)).isEqualTo(Applied.ELSEWHERE);
    assertThat(apply(history.records().subList(2, 6), 2, 6)).isEqualTo(Applied.ELSEWHERE);
    assertThat(apply(history.records().subList(1, 3), 1, 3)).isEqualTo(Applied.SEEN);

    assertThat(view.everything()).isEqualTo(before);
    assertThat(view.redis().hget("positions", "orders:3")).isEqualTo("3");
  }

  @Example
  void aMissingEventIsNoticedBetweenStretchesAndInThem() {
    var records = records(new Random(2), 1, 5);
    var other = records(new Random(3), 2, 0);
    apply(records.subList(0, 1), 0, 1);
    var before = requireNonNull(view).everything();

    assertThat(apply(List.of(other.getFirst(), records.get(2)), 1, 3)).isEqualTo(Applied.GAP);
    assertThat(apply(List.of(records.get(1), records.get(3)), 1, 3)).isEqualTo(Applied.GAP);
    assertThat(view.everything()).isEqualTo(before);
    assertThat(apply(List.of(records.get(1), records.get(2)), 1, 3)).isEqualTo(Applied.APPLIED);
  }

  @Example
  void whatIsPartlySeenIsAppliedFromWhereItIsNew() {
    var records = records(new Random(5), 1, 5);
    apply(records, 0, 7);
    var whole = requireNonNull(view).everything();
    redisIsEmptyAndOpen();

    apply(records.subList(0, 4), 0, 4);
    assertThat(apply(records.subList(1, 7), 4, 10)).isEqualTo(Applied.APPLIED);

    assertThat(view.everything()).isEqualTo(whole);
  }

  @Example
  void anEventThatIsToldAgainChangesNothing() {
    var records = records(new Random(4), 1, 5);
    apply(records.subList(0, 3), 0, 3);
    var before = requireNonNull(view).everything();

    var again = List.of(records.get(0), records.get(1), records.get(0), records.get(2));

    assertThat(apply(again, 3, 7)).isEqualTo(Applied.APPLIED);
    assertThat(view.everything()).isEqualTo(before);
  }

  private static void assertListsAndStockAreThoseOf(History history) {
    for (var status : OrderStatus.values()) {
      assertThat(members("all-orders:" + status))
          .isEqualTo(ids(history, life -> life.status() == status));
    }
    assertThat(members("unsettled")).isEqualTo(ids(history, life -> !life.status().isSettled()));
    assertThat(members("all-orders")).isEqualTo(ids(history, _ -> true));
    for (int i = 0; i < 2; i++) {
      var customer = new UUID(7, i);
      assertThat(members("orders:" + customer))
          .isEqualTo(
              ids(history, life -> life.placed().order().order().customerId().equals(customer)));
    }
    for (var sku : SKUS) {
      long taken =
          history.lives().stream().mapToLong(life -> life.pieces().getOrDefault(sku, 0)).sum();
      long added = 7 * requireNonNull(view).redis().hlen("adjustments:" + sku);
      assertThat(view.redis().get("stock:" + sku)).isEqualTo(Long.toString(ENOUGH + added - taken));
    }
  }

  private static Set<String> members(String set) {
    return Set.copyOf(requireNonNull(view).redis().zrange(set, 0, -1));
  }

  private static Set<String> ids(History history, Predicate<Life> which) {
    return history.lives().stream()
        .filter(which)
        .map(life -> life.placed().id().toString())
        .collect(Collectors.toSet());
  }

  /** Everything in Redis after a history whose stretches end where a cut is. */
  private Map<String, String> redisAfter(History history, IntPredicate cut) {
    redisIsEmptyAndOpen();
    var claims = new Claims(requireNonNull(redis), SETTINGS);
    var shown = new OrderView(redis);
    SKUS.forEach(sku -> requireNonNull(view).redis().set("stock:" + sku, Long.toString(ENOUGH)));
    for (var order : history.accepted()) {
      var written = order.order();
      var wish = new Claims.Wish(order.id(), written.order().fingerprint(), pieces(written));
      assertThat(claims.claim(wish, written)).isInstanceOf(Claims.Found.Claimed.class);
      if (order.left() != Left.CLAIMED) {
        byte[] body = Json.bytes(Order.accepted(order.id(), order.shown().order()));
        shown.accept(order.id(), order.shown(), body, LIFE);
      }
    }
    int begin = 0;
    for (int end = 1; end <= history.records().size(); end++) {
      if (end == history.records().size() || cut.test(end)) {
        assertThat(apply(history.records().subList(begin, end), begin, end))
            .isEqualTo(Applied.APPLIED);
        begin = end;
      }
    }
    var everything = requireNonNull(view).everything();
    long keys = view.redis().hvals("idempotency-keys").stream().mapToLong(Long::parseLong).sum();
    everything.put("idempotency-keys", Long.toString(keys));
    // Who holds a claim, and until when, is another each time.
    everything.replaceAll((_, value) -> value.replaceAll("lease=\\d+, owner=[-0-9a-f]+", "held"));
    return everything;
  }

  private static Map<String, Integer> pieces(WrittenOrder written) {
    return written.order().items().stream()
        .collect(Collectors.toMap(OrderLine::sku, OrderLine::quantity));
  }

  private static Applied apply(List<Told> records, long begin, long end) {
    var stretch = new Positions(requireNonNull(redis)).from(PARTITION, begin);
    records.forEach(record -> record.to(stretch));
    stretch.reach(end);
    var applied = stretch.apply();
    redis.flush();
    return applied.orTimeout(5, TimeUnit.SECONDS).join();
  }

  /** Orders on various ways and adjustments, one through the other; some orders were accepted. */
  private static History history(Random random, int orders) {
    List<List<Told>> sources = new ArrayList<>();
    List<Placed> accepted = new ArrayList<>();
    List<Life> lives = new ArrayList<>();
    for (int i = 0; i < orders; i++) {
      var placed = placed(random, i);
      if (placed.left() != Left.NOTHING) {
        accepted.add(placed);
      }
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
    return new History(accepted, log, lives);
  }

  private static Placed placed(Random random, int number) {
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
        WrittenOrder.of(order),
        Left.values()[random.nextInt(Left.values().length)],
        random.nextInt(4) == 0 ? null : FAR);
  }

  /** The same, some milliseconds later. */
  private static PlaceOrder later(PlaceOrder order, long millis) {
    return new PlaceOrder(
        order.customerId(),
        order.idempotencyKey(),
        order.fingerprint(),
        order.items(),
        order.total(),
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

  private static List<Told> records(Random random, int number, int way) {
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

package shop.order.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;
import shop.common.json.Json;
import shop.common.money.Money;
import shop.order.Order;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.OrderLine;
import shop.order.OrderStatus;
import shop.order.OrderSummary;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;
import shop.order.ShippingAddress;
import shop.order.TimelineEntry;
import shop.order.crash.RedisContents;
import shop.order.redis.OpenRedis;
import shop.order.redis.RedisUnavailable;

/** The data in a real Redis does not depend on how the log is cut into batches. */
@Tag("slow")
@ResourceLock("service")
class PartitionBatchTest {

  private static final TopicPartition PARTITION = new TopicPartition("orders", 3);
  private static final long ENOUGH = 1000;

  private static @Nullable OpenRedis redis;

  @BeforeContainer
  static void start() {
    redis = new OpenRedis(Duration.ofSeconds(2));
  }

  @AfterContainer
  static void stop() {
    redis().close();
  }

  private static OpenRedis redis() {
    return requireNonNull(redis);
  }

  private static RedisContents view() {
    return redis().view;
  }

  @BeforeTry
  void redisIsEmptyAndOpen() {
    redis().empty();
  }

  @Property(tries = 150)
  void anyCutIntoBatchesGivesTheSameData(@ForAll Random random) {
    var generated = GeneratedLog.random(random, 1 + random.nextInt(6));
    var oneByOne = redisAfter(generated, _ -> true);

    assertRedisMatches(generated);
    assertThat(redisAfter(generated, _ -> false)).isEqualTo(oneByOne);
    assertThat(redisAfter(generated, _ -> random.nextInt(3) == 0)).isEqualTo(oneByOne);
  }

  @Example
  void aBatchAtAnotherPositionIsRejectedAsAWhole() {
    var generated = GeneratedLog.random(new Random(1), 4);
    apply(generated.records().subList(0, 3), 0, 3);
    var before = view().everything();

    assertThat(apply(generated.records().subList(4, 6), 4, 6))
        .isEqualTo(ApplyResult.POSITION_MISMATCH);
    assertThat(apply(generated.records().subList(2, 6), 2, 6))
        .isEqualTo(ApplyResult.POSITION_MISMATCH);
    assertThat(apply(generated.records().subList(1, 3), 1, 3))
        .isEqualTo(ApplyResult.ALREADY_APPLIED);

    assertThat(view().everything()).isEqualTo(before);
    assertThat(view().redis().hget("positions", "orders:3")).isEqualTo("3");
  }

  @Example
  void aRedisThatIsNotLoadedTakesNoBatchNotEvenTheFirst() {
    var records = GeneratedLog.ofOneOrder(new Random(2), 1, 0);
    view().redis().del("positions");

    assertThat(apply(records, 0, 1)).isEqualTo(ApplyResult.NOT_LOADED);
    assertThat(apply(records, 7, 8)).isEqualTo(ApplyResult.NOT_LOADED);

    assertThat(view().everything()).isEmpty();
    assertThat(view().redis().exists("positions")).isZero();
  }

  @Example
  void aMissingEventIsDetectedBetweenBatchesAndWithinOne() {
    var records = GeneratedLog.ofOneOrder(new Random(2), 1, 5);
    var other = GeneratedLog.ofOneOrder(new Random(3), 2, 0);
    apply(records.subList(0, 1), 0, 1);
    var before = view().everything();

    assertThat(apply(List.of(other.getFirst(), records.get(2)), 1, 3)).isEqualTo(ApplyResult.GAP);
    assertThat(apply(List.of(records.get(1), records.get(3)), 1, 3)).isEqualTo(ApplyResult.GAP);
    assertThat(view().everything()).isEqualTo(before);
    assertThat(apply(List.of(records.get(1), records.get(2)), 1, 3)).isEqualTo(ApplyResult.APPLIED);
  }

  @Example
  void aBatchOfKnownAndNewEventsAppliesTheNewOnes() {
    var records = GeneratedLog.ofOneOrder(new Random(5), 1, 5);
    apply(records, 0, 7);
    var whole = view().everything();
    redisIsEmptyAndOpen();

    apply(records.subList(0, 4), 0, 4);
    assertThat(apply(records.subList(1, 7), 4, 10)).isEqualTo(ApplyResult.APPLIED);

    assertThat(view().everything()).isEqualTo(whole);
  }

  @Example
  void anEventThatCannotBeAddedLeavesTheBatchAsItWas() {
    // given an order with a time that has no milliseconds since 1970
    var records = GeneratedLog.ofOneOrder(new Random(6), 1, 2);
    var price = new Money(100, "EUR");
    var extreme =
        new PlaceOrder(
            UUID.randomUUID(),
            "a-key-of-a-stranger",
            "fingerprint",
            List.of(OrderLine.of("MUG-BLUE", "Mug", 1, price)),
            price,
            "pm_card_visa",
            new ShippingAddress("Ada Example", "1 Sample Street", "Berlin", "10115", "DE"),
            Instant.MAX);
    var command = new SerializedOrder(extreme, new byte[0]);
    var id = new OrderId(UUID.randomUUID());
    var entry = new TimelineEntry(1, OrderEvent.Placed.TYPE, Instant.EPOCH, null, Map.of());
    var batch = new Positions(redis().redis).batchFrom(PARTITION, 0);

    // when it is added
    assertThatThrownBy(() -> batch.changes().place(id, command, entry, null))
        .isInstanceOf(ArithmeticException.class);
    batch.extendTo(1);
    var result = batch.apply();
    redis().redis.flush();

    // then the rest of the batch is applied without it
    assertThat(result.orTimeout(5, TimeUnit.SECONDS).join()).isEqualTo(ApplyResult.APPLIED);
    assertThat(apply(records.subList(0, 1), 1, 2)).isEqualTo(ApplyResult.APPLIED);
  }

  /** The batch deletes the claim before it writes, which a full Redis would permit. */
  @Example
  void aFullRedisRefusesTheBatchOfAnOrderWhoseResponseIsNotStored() {
    var order = GeneratedLog.placed(new Random(8), 1);
    GeneratedLog.SKUS.forEach(sku -> view().redis().set("stock:" + sku, Long.toString(ENOUGH)));
    var request =
        new Claims.ClaimRequest(order.id(), order.order().order().fingerprint(), order.pieces());
    new Claims(redis().redis, OpenRedis.SETTINGS).claim(request, order.order());
    var entry = new TimelineEntry(1, OrderEvent.Placed.TYPE, Instant.EPOCH, null, Map.of());
    var batch = new Positions(redis().redis).batchFrom(PARTITION, 0);
    batch.changes().place(order.id(), order.order(), entry, Instant.now().plus(OpenRedis.TTL));
    batch.extendTo(1);
    var before = view().everything();

    view().redis().configSet("maxmemory", "1kb");
    try {
      var result = batch.apply();
      redis().redis.flush();

      assertThat(result)
          .failsWithin(Duration.ofSeconds(5))
          .withThrowableThat()
          .matches(RedisUnavailable::isFull);
    } finally {
      view().redis().configSet("maxmemory", "0");
    }
    assertThat(view().everything()).isEqualTo(before);
  }

  @Example
  void aRepeatedEventChangesNothing() {
    var records = GeneratedLog.ofOneOrder(new Random(4), 1, 5);
    apply(records.subList(0, 3), 0, 3);
    var before = view().everything();

    var again = List.of(records.get(0), records.get(1), records.get(0), records.get(2));

    assertThat(apply(again, 3, 7)).isEqualTo(ApplyResult.APPLIED);
    assertThat(view().everything()).isEqualTo(before);
  }

  /** As the handler left it, and as it is after Redis was emptied. */
  @Property(tries = 20)
  void theKeyOfAWithheldOrderIsTakenUntilAndAfterItsEnd(@ForAll Random random) {
    var placed = GeneratedLog.placed(random, 1);
    var summary = OrderSummary.of(placed.order().order());
    var claims = new Claims(redis().redis, OpenRedis.SETTINGS);
    GeneratedLog.SKUS.forEach(sku -> view().redis().set("stock:" + sku, Long.toString(ENOUGH)));

    for (boolean ended : List.of(false, true)) {
      apply(
          List.of(batch -> {
            if (ended) {
              batch.endWithheld(placed.id(), summary, "it could not be processed");
            } else {
              batch.withhold(placed.id(), summary);
            }
          }),
          ended ? 1 : 0,
          ended ? 2 : 1);

      var same = new Claims.ClaimRequest(placed.id(), summary.fingerprint(), placed.pieces());
      var other = new Claims.ClaimRequest(placed.id(), "another", placed.pieces());
      assertThat(claims.find(same)).isEqualTo(new Claims.ClaimResult.Withheld(summary));
      assertThat(claims.claim(same, placed.order()))
          .isEqualTo(new Claims.ClaimResult.Withheld(summary));
      assertThat(claims.claim(other, placed.order())).isEqualTo(new Claims.ClaimResult.KeyReused());
      placed
          .pieces()
          .forEach((sku, pieces) ->
              assertThat(view().redis().get("stock:" + sku))
                  .isEqualTo(Long.toString(ended ? ENOUGH : ENOUGH - pieces)));
    }
  }

  @Example
  void aWithheldRecordThatIsRedrivenAfterItsEndOrAfterEventOneChangesNothing() {
    var ended = GeneratedLog.placed(new Random(6), 1);
    var summary = OrderSummary.of(ended.order().order());
    var placed = GeneratedLog.placed(new Random(7), 2);
    apply(
        List.of(batch -> batch.endWithheld(ended.id(), summary, "it could not be processed")),
        0,
        1);
    apply(GeneratedLog.ofOneOrder(new Random(7), 2, 0), 1, 2);
    var before = view().everything();

    apply(
        List.of(
            batch -> batch.withhold(ended.id(), summary),
            batch -> batch.withhold(placed.id(), OrderSummary.of(placed.order().order()))),
        2,
        4);

    assertThat(view().everything()).isEqualTo(before);
  }

  /** What was placed before the boundary has left; everything else must be there. */
  @Example
  void laterEventsOfAnAbsentOrderArePassedByOnlyIfItWasPlacedBeforeTheBoundary() {
    var order = GeneratedLog.placed(new Random(5), 1);
    var records = GeneratedLog.ofOneOrder(new Random(5), 1, 1);
    view().redis().hset("positions", "orders:3", "1");
    var before = view().everything();

    setBoundary(order, -1);
    assertThat(apply(records.subList(1, 2), 1, 2)).isEqualTo(ApplyResult.GAP);
    setBoundary(order, 0);
    assertThat(apply(records.subList(1, 2), 1, 2)).isEqualTo(ApplyResult.GAP);
    setBoundary(order, 1);
    assertThat(apply(records.subList(1, 2), 1, 2)).isEqualTo(ApplyResult.APPLIED);

    assertThat(view().everything()).isEqualTo(before);
    assertThat(apply(records, 2, 4)).isEqualTo(ApplyResult.APPLIED);
    assertThat(view().redis().hget("order:" + order.id(), "status")).isEqualTo("PAYMENT_FAILED");
  }

  @Example
  void anAcceptedOrderIsShownUnlessItWasPlacedBeforeTheBoundary() {
    var order = GeneratedLog.placed(new Random(5), 1);

    for (int millis : List.of(-1, 0, 1)) {
      redisIsEmptyAndOpen();
      setBoundary(order, millis);
      new OrderView(redis().redis).accept(order.id(), order.order(), new byte[1], OpenRedis.TTL);

      assertThat(view().redis().exists("order:" + order.id())).isEqualTo(millis <= 0 ? 1 : 0);
      assertThat(view().redis().zcard("all-orders")).isEqualTo(millis <= 0 ? 1 : 0);
      assertThat(view().redis().exists("idempotency:" + order.id())).isOne();
    }
  }

  /** Sets it to this many milliseconds after the time at which the order was placed. */
  private static void setBoundary(GeneratedLog.PlacedOrder order, int millis) {
    long created = order.order().order().createdAt().toEpochMilli();
    view().redis().set("boundary", Long.toString(created + millis));
  }

  private static void assertRedisMatches(GeneratedLog generated) {
    for (var history : generated.orders()) {
      var order = history.placed().order();
      var summary = Json.bytes(OrderSummary.of(order.order()));
      assertThat(view().redis().hgetall("order:" + history.placed().id()))
          .containsEntry(
              history.isPlaced() ? "placed" : "withheld",
              new String(history.isPlaced() ? order.json() : summary, UTF_8))
          .doesNotContainKey(history.isPlaced() ? "withheld" : "placed")
          .containsEntry("created", Long.toString(order.order().createdAt().toEpochMilli()))
          .containsEntry("status", history.status().name());
    }
    for (var status : OrderStatus.values()) {
      assertThat(members("all-orders:" + status))
          .isEqualTo(ids(generated, history -> history.status() == status));
    }
    assertThat(members("unsettled"))
        .isEqualTo(ids(generated, history -> !history.status().isSettled()));
    assertThat(members("all-orders")).isEqualTo(ids(generated, _ -> true));
    for (int i = 0; i < 2; i++) {
      var customer = new UUID(7, i);
      assertThat(members("orders:" + customer))
          .isEqualTo(
              ids(
                  generated,
                  history -> history.placed().order().order().customerId().equals(customer)));
    }
    for (var sku : GeneratedLog.SKUS) {
      long taken =
          generated.orders().stream()
              .mapToLong(history -> history.pieces().getOrDefault(sku, 0))
              .sum();
      long added = 7 * view().redis().hlen("adjustments:" + sku);
      assertThat(view().redis().get("stock:" + sku))
          .isEqualTo(Long.toString(ENOUGH + added - taken));
    }
  }

  private static Set<String> members(String set) {
    return Set.copyOf(view().redis().zrange(set, 0, -1));
  }

  private static Set<String> ids(
      GeneratedLog generated, Predicate<GeneratedLog.OrderHistory> filter) {
    return generated.orders().stream()
        .filter(filter)
        .map(history -> history.placed().id().toString())
        .collect(Collectors.toSet());
  }

  /** Everything in Redis after a log is applied in batches that end at the cuts. */
  private Map<String, String> redisAfter(GeneratedLog generated, IntPredicate cut) {
    redisIsEmptyAndOpen();
    var claims = new Claims(redis().redis, OpenRedis.SETTINGS);
    var view = new OrderView(redis().redis);
    GeneratedLog.SKUS.forEach(sku -> view().redis().set("stock:" + sku, Long.toString(ENOUGH)));
    for (var history : generated.orders()) {
      var order = history.placed();
      var serialized = order.order();
      if (order.progress() != GeneratedLog.HandlerProgress.NOTHING) {
        var request =
            new Claims.ClaimRequest(order.id(), serialized.order().fingerprint(), order.pieces());
        assertThat(claims.claim(request, serialized))
            .isInstanceOf(Claims.ClaimResult.Claimed.class);
      }
      if (order.isAccepted()) {
        byte[] body = Json.bytes(Order.accepted(order.id(), order.accepted().order()));
        view.accept(order.id(), order.accepted(), body, OpenRedis.TTL);
      }
    }
    int begin = 0;
    for (int end = 1; end <= generated.records().size(); end++) {
      if (end == generated.records().size() || cut.test(end)) {
        assertThat(apply(generated.records().subList(begin, end), begin, end))
            .isEqualTo(ApplyResult.APPLIED);
        begin = end;
      }
    }
    var everything = view().everything();
    long keys = view().redis().hvals("idempotency-keys").stream().mapToLong(Long::parseLong).sum();
    everything.put("idempotency-keys", Long.toString(keys));
    // The owner and the lease of a claim differ each time.
    everything.replaceAll(
        (_, value) -> value.replaceAll("lease=\\d+, owner=[-0-9a-f]+", "claimed"));
    return everything;
  }

  private static ApplyResult apply(List<GeneratedLog.LogRecord> records, long begin, long end) {
    return StoreAccess.apply(redis().redis, PARTITION, records, begin, end);
  }
}

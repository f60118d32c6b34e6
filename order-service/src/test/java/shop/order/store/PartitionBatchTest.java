package shop.order.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
import shop.common.json.Json;
import shop.order.Order;
import shop.order.OrderStatus;
import shop.order.crash.View;

/** However the log is cut into stretches, Redis ends the same; a real Redis says so. */
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

  private static View view() {
    return redis().view;
  }

  @BeforeTry
  void redisIsEmptyAndOpen() {
    redis().empty();
  }

  @Property(tries = 150)
  void cutsMakeNoDifference(@ForAll Random random) {
    var history = History.random(random, 1 + random.nextInt(6));
    var oneByOne = redisAfter(history, _ -> true);

    assertOrdersListsAndStockAreThoseOf(history);
    assertThat(redisAfter(history, _ -> false)).isEqualTo(oneByOne);
    assertThat(redisAfter(history, _ -> random.nextInt(3) == 0)).isEqualTo(oneByOne);
  }

  @Example
  void whatComesElsewhereIsRefusedAsAWhole() {
    var history = History.random(new Random(1), 4);
    apply(history.records().subList(0, 3), 0, 3);
    var before = view().everything();

    assertThat(apply(history.records().subList(4, 6), 4, 6)).isEqualTo(ApplyResult.ELSEWHERE);
    assertThat(apply(history.records().subList(2, 6), 2, 6)).isEqualTo(ApplyResult.ELSEWHERE);
    assertThat(apply(history.records().subList(1, 3), 1, 3)).isEqualTo(ApplyResult.SEEN);

    assertThat(view().everything()).isEqualTo(before);
    assertThat(view().redis().hget("positions", "orders:3")).isEqualTo("3");
  }

  @Example
  void aMissingEventIsNoticedBetweenStretchesAndInThem() {
    var records = History.ofOneOrder(new Random(2), 1, 5);
    var other = History.ofOneOrder(new Random(3), 2, 0);
    apply(records.subList(0, 1), 0, 1);
    var before = view().everything();

    assertThat(apply(List.of(other.getFirst(), records.get(2)), 1, 3)).isEqualTo(ApplyResult.GAP);
    assertThat(apply(List.of(records.get(1), records.get(3)), 1, 3)).isEqualTo(ApplyResult.GAP);
    assertThat(view().everything()).isEqualTo(before);
    assertThat(apply(List.of(records.get(1), records.get(2)), 1, 3)).isEqualTo(ApplyResult.APPLIED);
  }

  @Example
  void whatIsPartlySeenIsAppliedFromWhereItIsNew() {
    var records = History.ofOneOrder(new Random(5), 1, 5);
    apply(records, 0, 7);
    var whole = view().everything();
    redisIsEmptyAndOpen();

    apply(records.subList(0, 4), 0, 4);
    assertThat(apply(records.subList(1, 7), 4, 10)).isEqualTo(ApplyResult.APPLIED);

    assertThat(view().everything()).isEqualTo(whole);
  }

  @Example
  void anEventThatIsToldAgainChangesNothing() {
    var records = History.ofOneOrder(new Random(4), 1, 5);
    apply(records.subList(0, 3), 0, 3);
    var before = view().everything();

    var again = List.of(records.get(0), records.get(1), records.get(0), records.get(2));

    assertThat(apply(again, 3, 7)).isEqualTo(ApplyResult.APPLIED);
    assertThat(view().everything()).isEqualTo(before);
  }

  private static void assertOrdersListsAndStockAreThoseOf(History history) {
    for (var life : history.lives()) {
      var order = life.placed().order();
      assertThat(view().redis().hgetall("order:" + life.placed().id()))
          .containsEntry("placed", new String(order.json(), UTF_8))
          .containsEntry("created", Long.toString(order.order().createdAt().toEpochMilli()))
          .containsEntry("status", life.status().name());
    }
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
    for (var sku : History.SKUS) {
      long taken =
          history.lives().stream().mapToLong(life -> life.pieces().getOrDefault(sku, 0)).sum();
      long added = 7 * view().redis().hlen("adjustments:" + sku);
      assertThat(view().redis().get("stock:" + sku))
          .isEqualTo(Long.toString(ENOUGH + added - taken));
    }
  }

  private static Set<String> members(String set) {
    return Set.copyOf(view().redis().zrange(set, 0, -1));
  }

  private static Set<String> ids(History history, Predicate<History.Life> which) {
    return history.lives().stream()
        .filter(which)
        .map(life -> life.placed().id().toString())
        .collect(Collectors.toSet());
  }

  /** Everything in Redis after a history whose stretches end where a cut is. */
  private Map<String, String> redisAfter(History history, IntPredicate cut) {
    redisIsEmptyAndOpen();
    var claims = new Claims(redis().redis, OpenRedis.SETTINGS);
    var shown = new OrderView(redis().redis);
    History.SKUS.forEach(sku -> view().redis().set("stock:" + sku, Long.toString(ENOUGH)));
    for (var life : history.lives()) {
      var order = life.placed();
      var written = order.order();
      if (order.left() != History.Left.NOTHING) {
        var wish = new Claims.Wish(order.id(), written.order().fingerprint(), order.pieces());
        assertThat(claims.claim(wish, written)).isInstanceOf(Claims.Found.Claimed.class);
      }
      if (order.isShown()) {
        byte[] body = Json.bytes(Order.accepted(order.id(), order.shown().order()));
        shown.accept(order.id(), order.shown(), body, OpenRedis.LIFE);
      }
    }
    int begin = 0;
    for (int end = 1; end <= history.records().size(); end++) {
      if (end == history.records().size() || cut.test(end)) {
        assertThat(apply(history.records().subList(begin, end), begin, end))
            .isEqualTo(ApplyResult.APPLIED);
        begin = end;
      }
    }
    var everything = view().everything();
    long keys = view().redis().hvals("idempotency-keys").stream().mapToLong(Long::parseLong).sum();
    everything.put("idempotency-keys", Long.toString(keys));
    // Who holds a claim, and until when, is another each time.
    everything.replaceAll((_, value) -> value.replaceAll("lease=\\d+, owner=[-0-9a-f]+", "held"));
    return everything;
  }

  private static ApplyResult apply(List<History.Told> records, long begin, long end) {
    var stretch = new Positions(redis().redis).from(PARTITION, begin);
    records.forEach(record -> record.to(stretch));
    stretch.reach(end);
    var applied = stretch.apply();
    redis().redis.flush();
    return applied.orTimeout(5, TimeUnit.SECONDS).join();
  }
}

package shop.order.projection;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
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
import shop.order.OrderEvent;
import shop.order.archive.ArchiveDatabase;
import shop.order.crash.RestoredContents;
import shop.order.redis.OpenRedis;
import shop.order.store.ApplyResult;
import shop.order.store.GeneratedLog;
import shop.order.store.GeneratedLog.OrderHistory;
import shop.order.store.StoreAccess;

/** A Redis that is loaded from PostgreSQL holds what the projector would have written. */
@Tag("slow")
@ResourceLock("service")
class RedisLoadTest {

  private static final TopicPartition PARTITION = new TopicPartition("orders", 3);
  private static final TopicPartition EMPTY_PARTITION = new TopicPartition("catalog", 0);
  private static final String MARK = "run:mark";

  /** Generated orders are placed within some milliseconds after it. */
  private static final Instant BEFORE_ALL = Instant.parse("2026-01-01T10:00:00Z");

  private static @Nullable OpenRedis redis;
  private static @Nullable ArchiveDatabase database;

  @BeforeContainer
  static void start() {
    redis = new OpenRedis(Duration.ofSeconds(5));
    database = new ArchiveDatabase();
  }

  @AfterContainer
  static void stop() {
    redis().close();
    requireNonNull(database).close();
  }

  private static OpenRedis redis() {
    return requireNonNull(redis);
  }

  private static ArchiveDatabase database() {
    return requireNonNull(database);
  }

  @BeforeTry
  void bothAreEmpty() {
    redis().empty();
    database().empty();
  }

  @Property(tries = 25)
  void allOrdersSinceTheCutOffAreLoaded(@ForAll Random random) {
    var generated = GeneratedLog.random(random, 1 + random.nextInt(8));
    applyToBoth(generated);
    var live = contents(_ -> true);

    load(BEFORE_ALL);

    assertThat(contents(_ -> true)).isEqualTo(live);
    String end = Integer.toString(generated.records().size());
    assertThat(redis().view.redis().hgetall("positions"))
        .isEqualTo(Map.of("orders:3", end, "catalog:0", "0"));
    assertThat(redis().view.redis().hgetall("evicted")).isEqualTo(Map.of("orders:3", end));
    assertThat(redis().view.redis().get("boundary"))
        .isEqualTo(Long.toString(BEFORE_ALL.toEpochMilli()));
    assertThat(redis().view.redis().exists("loader")).isZero();
  }

  @Property(tries = 25)
  void ofOlderOrdersThoseAreLoadedThatAreOpenOrWaitForARefund(@ForAll Random random) {
    var generated = GeneratedLog.random(random, 1 + random.nextInt(8));
    applyToBoth(generated);
    var hot =
        generated.orders().stream()
            .filter(RedisLoadTest::isUnderWay)
            .map(order -> order.placed().id().toString())
            .collect(toSet());
    var live = contents(hot::contains);
    live.keySet().removeIf(key -> key.startsWith("adjustment"));

    load(BEFORE_ALL.plus(Duration.ofHours(1)));

    assertThat(Set.copyOf(redis().view.redis().zrange("all-orders", 0, -1))).isEqualTo(hot);
    assertThat(contents(_ -> true)).isEqualTo(live);
  }

  @Example
  void ofOrdersAtTheirEndThoseAreLoadedThatWerePlacedAtTheCutOffOrLater() {
    var placed = GeneratedLog.placed(new Random(1), 1).order().order().createdAt();
    database().apply(GeneratedLog.ofOneOrder(new Random(1), 1, 1));

    for (int millis : List.of(-1, 0, 1)) {
      load(placed.plusMillis(millis));

      assertThat(redis().view.redis().zcard("all-orders")).isEqualTo(millis <= 0 ? 1 : 0);
    }
  }

  @Example
  void anOrderAtItsEndThatHoldsPiecesIsLoaded() {
    var log = GeneratedLog.ofOneOrder(new Random(1), 1, 1);
    database().apply(log);
    database().holdPieces("CUP", 2);

    load(BEFORE_ALL.plus(Duration.ofHours(1)));

    assertThat(redis().view.redis().keys("reservation:*")).hasSize(1);
    assertThat(redis().view.redis().zcard("all-orders:PAYMENT_FAILED")).isOne();
  }

  @Example
  void manyOrdersAreLoadedInPartsAndTheLogIsAppliedFromThere() {
    var generated = GeneratedLog.random(new Random(3), 300);
    int half = generated.records().size() / 2;
    apply(generated, 0, generated.records().size());
    var live = contents(_ -> true);
    database().apply(generated.records().subList(0, half));
    database().setPosition(PARTITION, half);

    load(BEFORE_ALL);

    assertThat(contents(_ -> true)).isNotEqualTo(live);
    assertThat(apply(generated, half, generated.records().size())).isEqualTo(ApplyResult.APPLIED);
    assertThat(contents(_ -> true)).isEqualTo(live);
  }

  /** True if an order stays in Redis whatever its age. */
  private static boolean isUnderWay(OrderHistory order) {
    Set<UUID> refunds = new HashSet<>();
    for (var event : order.events()) {
      switch (event) {
        case OrderEvent.RefundRequested refund -> refunds.add(refund.refundId());
        case OrderEvent.Refunded refund -> refunds.remove(refund.refundId());
        case OrderEvent.RefundFailed refund -> refunds.remove(refund.refundId());
        default -> {
          // Not about a refund that is under way.
        }
      }
    }
    return !refunds.isEmpty()
        || switch (order.status()) {
          case PLACED, CONFIRMED, CANCELLING -> true;
          case PAYMENT_FAILED, CANCELLED, SHIPPED, DELIVERED, REFUNDED -> false;
        };
  }

  /** Applies a log to PostgreSQL and to Redis. */
  private static void applyToBoth(GeneratedLog generated) {
    int end = generated.records().size();
    assertThat(apply(generated, 0, end)).isEqualTo(ApplyResult.APPLIED);
    database().apply(generated.records());
    database().setPosition(PARTITION, end);
  }

  private static ApplyResult apply(GeneratedLog generated, int begin, int end) {
    var records = generated.records().subList(begin, end);
    return StoreAccess.apply(redis().redis, PARTITION, records, begin, end);
  }

  /** Empties Redis and loads it. */
  private static void load(Instant cutOff) {
    redis().view.redis().flushall();
    redis().view.redis().set("opening", MARK);
    var load = StoreAccess.loads(redis().redis).begin(MARK).orElseThrow();
    database()
        .snapshots()
        .read(snapshot ->
            RedisLoader.copy(snapshot, cutOff, List.of(PARTITION, EMPTY_PARTITION), load, _ -> {}));
    redis().view.redis().del("opening");
  }

  /** Without products that were never in stock: whether Redis has a zero for them varies. */
  private static Map<String, String> contents(Predicate<String> orders) {
    var contents = RestoredContents.of(redis().view.everything(), orders);
    contents.entrySet().removeIf(e -> e.getKey().startsWith("stock:") && e.getValue().equals("0"));
    return contents;
  }
}

package shop.order.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import shop.order.SerializedOrder;
import shop.order.redis.Keys;
import shop.order.redis.OpenRedis;
import shop.order.redis.RedisUnavailable;

/** Requests that a real Redis executes in one batch get the same results as single requests. */
@Tag("slow")
@ResourceLock("service")
class ConcurrentClaimsTest {

  private static final Pattern SCRIPT_RUNS = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");
  private static final int REQUESTS = 100;

  private static OpenRedis redis;

  private final Random random = new Random(11);
  private final Claims claims = new Claims(redis.redis, OpenRedis.SETTINGS);
  private final OrderView orders = new OrderView(redis.redis);

  @BeforeAll
  static void start() {
    redis = new OpenRedis(Duration.ofSeconds(30));
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void stockIsFull() {
    redis.empty();
    GeneratedLog.SKUS.forEach(sku -> redis.view.redis().set("stock:" + sku, "1000"));
  }

  @Test
  void waitingRequestsShareARunAndEachGetsItsOwnResult() {
    var placed = orders(REQUESTS);
    for (int i = 0; i < REQUESTS; i++) {
      if (i % 4 == 1) {
        claim(placed.get(i));
      } else if (i % 4 == 2) {
        claim(placed.get(i));
        accept(placed.get(i));
      }
    }
    redis.view.redis().set("stock:POT", "0");
    redis.view.redis().configResetstat();

    var results = together(placed, this::claim);

    for (int i = 0; i < REQUESTS; i++) {
      var order = placed.get(i);
      switch (i % 4) {
        case 1 ->
            assertThat(results.get(i).join()).isInstanceOf(Claims.ClaimResult.InProgress.class);
        case 2 ->
            assertThat(results.get(i).join())
                .asInstanceOf(InstanceOfAssertFactories.type(Claims.ClaimResult.Completed.class))
                .extracting(completed -> new String(completed.body(), StandardCharsets.UTF_8))
                .isEqualTo("the response to " + order.id());
        default -> {
          if (order.pieces().containsKey("POT")) {
            assertThat(results.get(i).join())
                .isEqualTo(new Claims.ClaimResult.OutOfStock(new Stock.Shortage("POT", 0), false));
          } else {
            assertThat(results.get(i).join())
                .asInstanceOf(InstanceOfAssertFactories.type(Claims.ClaimResult.Claimed.class))
                .satisfies(claimed -> assertThat(claimed.claim().id()).isEqualTo(order.id()));
          }
        }
      }
    }
    assertThat(scriptRuns()).isLessThan(REQUESTS / 10);
  }

  @Test
  void batchedRequestsChangeRedisLikeSingleOnes() {
    var placed = orders(REQUESTS);
    placed.forEach(order -> {
      claim(order);
      accept(order);
    });
    var oneByOne = everything();
    stockIsFull();
    redis.view.redis().configResetstat();

    together(placed, this::claim).forEach(CompletableFuture::join);
    together(placed, this::accept).forEach(CompletableFuture::join);

    assertThat(scriptRuns()).isLessThan(REQUESTS / 5);
    assertThat(everything()).isEqualTo(oneByOne);
  }

  @Test
  void aResumedRequestKeepsItsKeyForTheWholeTime() {
    // given a claim of nearly a whole day ago
    var order = orders(1).getFirst();
    claims.suspend(((Claims.ClaimResult.Claimed) claim(order)).claim());
    String key = Keys.idempotency(order.id());
    redis.view.redis().pexpire(key, 10_000);

    // when it is resumed
    assertThat(claim(order)).isInstanceOf(Claims.ClaimResult.Resumed.class);

    // then its record does not expire during the lease
    assertThat(redis.view.redis().pttl(key))
        .isGreaterThan(OpenRedis.SETTINGS.answerTtl().minusMinutes(1).toMillis());
  }

  @Test
  void manyRequestsWithOneKeyInOneRunClaimOneOrder() {
    var order = orders(1).getFirst();

    var results = together(IntStream.range(0, REQUESTS).mapToObj(_ -> order).toList(), this::claim);

    assertThat(results.stream().map(CompletableFuture::join))
        .filteredOn(Claims.ClaimResult.Claimed.class::isInstance)
        .hasSize(1);
    order
        .pieces()
        .forEach((sku, pieces) ->
            assertThat(redis.view.redis().get("stock:" + sku)).isEqualTo("" + (1000 - pieces)));
  }

  @Test
  void malformedDataFailsOnlyTheRequestsThatNeedIt() {
    redis.view.redis().del("stock:POT");
    redis.view.redis().lpush("stock:POT", "no number");
    var placed = orders(REQUESTS);

    var results = together(placed, this::claim);

    for (int i = 0; i < REQUESTS; i++) {
      if (placed.get(i).pieces().containsKey("POT")) {
        assertThat(results.get(i))
            .failsWithin(Duration.ZERO)
            .withThrowableThat()
            .withCauseInstanceOf(RedisUnavailable.class)
            .withMessageContaining("WRONGTYPE");
      } else {
        assertThat(results.get(i).join()).isInstanceOf(Claims.ClaimResult.Claimed.class);
      }
    }
  }

  @Test
  void aFullRedisIsReportedAsFull() {
    var order = orders(1).getFirst();
    redis.view.redis().configSet("maxmemory", "1kb");
    try {
      assertThatThrownBy(() -> claim(order))
          .isInstanceOf(RedisUnavailable.class)
          .hasMessageContaining("Redis is full");
      assertThatThrownBy(() -> accept(order))
          .isInstanceOf(RedisUnavailable.class)
          .hasMessageContaining("Redis is full");
    } finally {
      redis.view.redis().configSet("maxmemory", "0");
    }
    assertThat(claim(order)).isInstanceOf(Claims.ClaimResult.Claimed.class);
  }

  @Test
  void requestsThatWaitForAFailedRunFailWithIt() {
    var placed = orders(REQUESTS);

    var results = together(placed, this::claim, redis::disconnect);

    assertThat(results)
        .allSatisfy(claim ->
            assertThat(claim)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(RedisUnavailable.class));
    redis.open();
    assertThat(claim(orders(REQUESTS + 1).getLast()))
        .isInstanceOf(Claims.ClaimResult.Claimed.class);
  }

  private List<GeneratedLog.PlacedOrder> orders(int count) {
    return IntStream.range(0, count).mapToObj(i -> GeneratedLog.placed(random, i)).toList();
  }

  private Claims.ClaimResult claim(GeneratedLog.PlacedOrder order) {
    return claims.claim(
        new Claims.ClaimRequest(order.id(), order.order().order().fingerprint(), order.pieces()),
        order.order());
  }

  private SerializedOrder accept(GeneratedLog.PlacedOrder order) {
    byte[] body = ("the response to " + order.id()).getBytes(StandardCharsets.UTF_8);
    orders.accept(order.id(), order.order(), body, OpenRedis.TTL);
    return order.order();
  }

  /** Sends requests while Redis is frozen, so that all but the first wait for the next run. */
  private static <Q, A> List<CompletableFuture<A>> together(
      List<Q> requests, Function<Q, A> execute) {
    return together(requests, execute, () -> {});
  }

  private static <Q, A> List<CompletableFuture<A>> together(
      List<Q> requests, Function<Q, A> execute, Runnable whileTheyWait) {
    List<CompletableFuture<A>> results = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    redis.server.freeze();
    try {
      for (var request : requests) {
        var result = new CompletableFuture<A>();
        results.add(result);
        threads.add(
            Thread.startVirtualThread(
                () -> result.completeAsync(() -> execute.apply(request), Runnable::run)));
      }
      await()
          .until(
              () -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
      whileTheyWait.run();
    } finally {
      redis.server.thaw();
    }
    threads.forEach(ConcurrentClaimsTest::join);
    return results;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int scriptRuns() {
    var calls = SCRIPT_RUNS.matcher(redis.view.redis().info("commandstats"));
    assertThat(calls.find()).isTrue();
    return Integer.parseInt(calls.group(1));
  }

  private static Map<String, String> everything() {
    var all = redis.view.everything();
    // The deadlines differ each time.
    all.put(
        Keys.RESERVATION_DEADLINES,
        new TreeSet<>(redis.view.redis().zrange(Keys.RESERVATION_DEADLINES, 0, -1)).toString());
    return all;
  }
}

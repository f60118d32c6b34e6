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
import org.junit.jupiter.api.Test;
import shop.order.SerializedOrder;

/** Requests that go to a real Redis together fare as each would alone. */
class ScriptBatcherTest {

  private static final Pattern SCRIPTS = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");
  private static final int MANY = 100;

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
  void shelvesAreFull() {
    redis.empty();
    History.SKUS.forEach(sku -> redis.view.redis().set("stock:" + sku, "1000"));
  }

  @Test
  void thoseWhoWaitGoTogetherAndEachGetsItsOwnAnswer() {
    var placed = orders(MANY);
    for (int i = 0; i < MANY; i++) {
      if (i % 4 == 1) {
        claim(placed.get(i));
      } else if (i % 4 == 2) {
        claim(placed.get(i));
        accept(placed.get(i));
      }
    }
    redis.view.redis().set("stock:POT", "0");
    redis.view.redis().configResetstat();

    var found = together(placed, this::claim);

    for (int i = 0; i < MANY; i++) {
      var order = placed.get(i);
      switch (i % 4) {
        case 1 -> assertThat(found.get(i).join()).isInstanceOf(Claims.Found.Running.class);
        case 2 ->
            assertThat(found.get(i).join())
                .asInstanceOf(InstanceOfAssertFactories.type(Claims.Found.Answered.class))
                .extracting(answered -> new String(answered.body(), StandardCharsets.UTF_8))
                .isEqualTo("the answer to " + order.id());
        default -> {
          if (order.pieces().containsKey("POT")) {
            assertThat(found.get(i).join())
                .isEqualTo(new Claims.Found.OutOfStock(new Stock.Shortage("POT", 0)));
          } else {
            assertThat(found.get(i).join())
                .asInstanceOf(InstanceOfAssertFactories.type(Claims.Found.Claimed.class))
                .satisfies(claimed -> assertThat(claimed.claim().id()).isEqualTo(order.id()));
          }
        }
      }
    }
    assertThat(scripts()).isLessThan(MANY / 10);
  }

  @Test
  void whatIsDoneTogetherIsWhatIsDoneOneByOne() {
    var placed = orders(MANY);
    placed.forEach(order -> {
      claim(order);
      accept(order);
    });
    var oneByOne = everything();
    shelvesAreFull();
    redis.view.redis().configResetstat();

    together(placed, this::claim).forEach(CompletableFuture::join);
    together(placed, this::accept).forEach(CompletableFuture::join);

    assertThat(scripts()).isLessThan(MANY / 5);
    assertThat(everything()).isEqualTo(oneByOne);
  }

  @Test
  void manyWithOneKeyAreOneOrderAlsoInOneRun() {
    var order = orders(1).getFirst();

    var found = together(IntStream.range(0, MANY).mapToObj(_ -> order).toList(), this::claim);

    assertThat(found.stream().map(CompletableFuture::join))
        .filteredOn(Claims.Found.Claimed.class::isInstance)
        .hasSize(1);
    order
        .pieces()
        .forEach((sku, pieces) ->
            assertThat(redis.view.redis().get("stock:" + sku)).isEqualTo("" + (1000 - pieces)));
  }

  @Test
  void whatIsBrokenInRedisHarmsNobodyElse() {
    redis.view.redis().del("stock:POT");
    redis.view.redis().lpush("stock:POT", "no number");
    var placed = orders(MANY);

    var found = together(placed, this::claim);

    for (int i = 0; i < MANY; i++) {
      if (placed.get(i).pieces().containsKey("POT")) {
        assertThat(found.get(i))
            .failsWithin(Duration.ZERO)
            .withThrowableThat()
            .withCauseInstanceOf(RedisUnavailable.class)
            .withMessageContaining("WRONGTYPE");
      } else {
        assertThat(found.get(i).join()).isInstanceOf(Claims.Found.Claimed.class);
      }
    }
  }

  @Test
  void aFullRedisIsToldFromOneThatFailed() {
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
    assertThat(claim(order)).isInstanceOf(Claims.Found.Claimed.class);
  }

  @Test
  void thoseWhoWaitedForARunThatFailedFailWithIt() {
    var placed = orders(MANY);

    var found = together(placed, this::claim, redis.redis::disconnect);

    assertThat(found)
        .allSatisfy(claim ->
            assertThat(claim)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(RedisUnavailable.class));
    redis.open();
    assertThat(claim(orders(MANY + 1).getLast())).isInstanceOf(Claims.Found.Claimed.class);
  }

  @Test
  void anAnswerThatIsNoneFailsWhoeverAskedAndHoldsUpNobody() {
    var batch = new ScriptBatcher(redis.redis, Script.ENTER, List.of(Keys.WRITERS), List.of());
    for (int i = 0; i < 2; i++) {
      assertThat(
              CompletableFuture.runAsync(() -> batch.ask(List.of(), List.of("a number, no list"))))
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .withCauseInstanceOf(RedisUnavailable.class);
    }
  }

  private List<History.Placed> orders(int count) {
    return IntStream.range(0, count).mapToObj(i -> History.placed(random, i)).toList();
  }

  private Claims.Found claim(History.Placed order) {
    return claims.claim(
        new Claims.Wish(order.id(), order.order().order().fingerprint(), order.pieces()),
        order.order());
  }

  private SerializedOrder accept(History.Placed order) {
    byte[] body = ("the answer to " + order.id()).getBytes(StandardCharsets.UTF_8);
    orders.accept(order.id(), order.order(), body, OpenRedis.LIFE);
    return order.order();
  }

  /** What comes of asking for all while Redis stands still, so that all but the first wait. */
  private static <Q, A> List<CompletableFuture<A>> together(List<Q> questions, Function<Q, A> ask) {
    return together(questions, ask, () -> {});
  }

  private static <Q, A> List<CompletableFuture<A>> together(
      List<Q> questions, Function<Q, A> ask, Runnable whileTheyWait) {
    List<CompletableFuture<A>> answers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    redis.server.freeze();
    try {
      for (var question : questions) {
        var answer = new CompletableFuture<A>();
        answers.add(answer);
        threads.add(
            Thread.startVirtualThread(
                () -> answer.completeAsync(() -> ask.apply(question), Runnable::run)));
      }
      await()
          .until(
              () -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
      whileTheyWait.run();
    } finally {
      redis.server.thaw();
    }
    threads.forEach(ScriptBatcherTest::join);
    return answers;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int scripts() {
    var calls = SCRIPTS.matcher(redis.view.redis().info("commandstats"));
    assertThat(calls.find()).isTrue();
    return Integer.parseInt(calls.group(1));
  }

  private static Map<String, String> everything() {
    var all = redis.view.everything();
    // Each was claimed at a moment of its own.
    all.put(
        Keys.RESERVATION_DEADLINES,
        new TreeSet<>(redis.view.redis().zrange(Keys.RESERVATION_DEADLINES, 0, -1)).toString());
    return all;
  }
}

package shop.order.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shop.common.kafka.Topics;
import shop.order.IdempotencyKey;
import shop.order.OrderId;
import shop.order.TestOrders;

/** Many at once, at two instances, whatever breaks meanwhile. */
class LoadTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Rig rig = Rig.shared();
  private final TestOrders customer = new TestOrders(rig.one.port());
  private final TestOrders elsewhere = customer.at(rig.two.port());
  private final String sku =
      "LOADED-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);

  @Test
  void twoHundredRequestsWithOneKeyAtTwoInstancesMakeOneOrder() throws Exception {
    pieces(1000);
    String key = UUID.randomUUID().toString();
    Map<String, Integer> bodies = new ConcurrentHashMap<>();
    Map<Integer, Integer> statuses = new ConcurrentHashMap<>();

    atOnce(
        200,
        200,
        i -> {
          var answer = (i % 2 == 0 ? customer : elsewhere).place(key, TestOrders.body(sku, 1));
          statuses.merge(answer.statusCode(), 1, Integer::sum);
          if (answer.statusCode() == 201) {
            bodies.merge(answer.body(), 1, Integer::sum);
          }
        });

    assertThat(statuses.keySet()).contains(201).isSubsetOf(201, 409);
    assertThat(bodies).hasSize(1);
    String id = OrderId.of(customer.customer(), IdempotencyKey.parse(key)).toString();
    await().atMost(PATIENCE).until(() -> customer.order(id).get("version").asInt() == 1);
    assertThat(rig.log.subjects(Topics.ORDER_COMMANDS)).filteredOn(id::equals).hasSize(1);
    assertThat(left()).isEqualTo(999);
  }

  @Test
  void aThousandOrdersForAHundredPiecesSellExactlyAHundred() throws Exception {
    pieces(100);
    var accepted = new AtomicInteger();
    Map<Integer, Integer> statuses = new ConcurrentHashMap<>();

    atOnce(
        1000,
        100,
        i -> {
          var answer =
              (i % 2 == 0 ? customer : elsewhere)
                  .place(UUID.randomUUID().toString(), TestOrders.body(sku, 1));
          statuses.merge(answer.statusCode(), 1, Integer::sum);
          if (answer.statusCode() == 201) {
            accepted.incrementAndGet();
          }
        });

    assertThat(statuses.keySet()).isSubsetOf(201, 409);
    assertThat(accepted).hasValue(100);
    assertThat(left()).isZero();
  }

  @Test
  void anEmptiedRedisUnderLoadLosesAndDoublesNothing() throws Exception {
    try (var view = new View(rig.redis)) {
      underLoad(() -> view.redis().flushall());
    }
  }

  @Test
  void aKilledRedisUnderLoadLosesAndDoublesNothing() throws Exception {
    underLoad(() -> {
      rig.redis.kill();
      rig.redis.start();
    });
  }

  @Test
  void aKilledInstanceUnderLoadLosesAndDoublesNothing() throws Exception {
    underLoad(() -> {
      rig.two.kill();
      rig.two.start();
    });
  }

  /** Clients that repeat until they are answered, while something happens. */
  private void underLoad(Runnable event) throws Exception {
    pieces(100_000);
    Map<String, String> placed = new ConcurrentHashMap<>();
    var happening = new AtomicBoolean(true);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients =
          IntStream.range(0, 8)
              .<Future<?>>mapToObj(i ->
                  threads.submit(() -> {
                    while (happening.get()) {
                      String key = UUID.randomUUID().toString();
                      placed.put(key, placeUntilAnswered(i, key));
                    }
                  }))
              .toList();
      await().atMost(PATIENCE).until(() -> placed.size() > 50);
      event.run();
      int then = placed.size();
      await().atMost(PATIENCE).until(() -> placed.size() > then + 50);
      happening.set(false);
      for (var client : clients) {
        client.get();
      }
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(rig.log.eventsByOrder().keySet()).containsAll(placed.values()));
    assertThat(placed.values()).doesNotHaveDuplicates();
    placed.forEach((key, id) ->
        assertThat(id)
            .isEqualTo(OrderId.of(customer.customer(), IdempotencyKey.parse(key)).toString()));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(left()).isEqualTo(100_000 - placed.size()));
    var events = rig.log.eventsByOrder();
    assertThat(placed.values()).allSatisfy(id -> assertThat(events.get(id)).hasSize(1));
  }

  private String placeUntilAnswered(int client, String key) {
    for (int attempt = client; ; attempt++) {
      try {
        var answer = (attempt % 2 == 0 ? customer : elsewhere).place(key, TestOrders.body(sku, 1));
        if (answer.statusCode() == 201) {
          return TestOrders.json(answer).get("id").asString();
        }
        assertThat(answer.statusCode()).isIn(409, 503);
      } catch (UncheckedIOException e) {
        assertThat(e.getCause()).isInstanceOf(IOException.class);
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static void atOnce(int times, int together, IntConsumer call) throws Exception {
    var free = new Semaphore(together);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calls =
          IntStream.range(0, times)
              .<Future<?>>mapToObj(i ->
                  threads.submit(() -> {
                    free.acquireUninterruptibly();
                    try {
                      call.accept(i);
                    } finally {
                      free.release();
                    }
                  }))
              .toList();
      for (var made : calls) {
        made.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  private void pieces(int number) {
    rig.log.product(sku, number);
    for (var at : List.of(customer, elsewhere)) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(TestOrders.json(at.get("/products/" + sku)).path("left").asLong())
                  .isEqualTo(number));
    }
  }

  private long left() {
    return TestOrders.json(customer.get("/products/" + sku)).path("left").asLong(-1);
  }
}

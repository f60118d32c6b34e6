package shop.order.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import shop.common.kafka.Topics;
import shop.order.IdempotencyKey;
import shop.order.OrderId;
import shop.order.TestOrders;

/** Many concurrent requests at two instances, also while a component fails. */
@Tag("slow")
@ResourceLock("cluster")
class LoadTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private final TestCluster cluster = TestCluster.shared();
  private final TestOrders customer = new TestOrders(cluster.one.port());
  private final TestOrders atSecondInstance = customer.at(cluster.two.port());
  private final String sku =
      "LOADED-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);

  @Test
  void twoHundredRequestsWithOneKeyAtTwoInstancesMakeOneOrder() throws Exception {
    stock(1000);
    String key = UUID.randomUUID().toString();
    Map<String, Integer> bodies = new ConcurrentHashMap<>();
    Map<Integer, Integer> statuses = new ConcurrentHashMap<>();

    concurrently(
        200,
        200,
        i -> {
          var response =
              (i % 2 == 0 ? customer : atSecondInstance).place(key, TestOrders.body(sku, 1));
          statuses.merge(response.statusCode(), 1, Integer::sum);
          if (response.statusCode() == 201) {
            bodies.merge(response.body(), 1, Integer::sum);
          }
        });

    assertThat(statuses.keySet()).contains(201).isSubsetOf(201, 409);
    assertThat(bodies).hasSize(1);
    String id = OrderId.of(customer.customer(), new IdempotencyKey(key)).toString();
    await().atMost(TIMEOUT).until(() -> customer.order(id).get("version").asInt() == 1);
    assertThat(cluster.log.subjects(Topics.ORDER_COMMANDS)).filteredOn(id::equals).hasSize(1);
    assertThat(available()).isEqualTo(999);
  }

  @Test
  void aThousandOrdersForAHundredPiecesSellExactlyAHundred() throws Exception {
    stock(100);
    var accepted = new AtomicInteger();
    Map<Integer, Integer> statuses = new ConcurrentHashMap<>();

    concurrently(
        1000,
        100,
        i -> {
          var response =
              (i % 2 == 0 ? customer : atSecondInstance)
                  .place(UUID.randomUUID().toString(), TestOrders.body(sku, 1));
          statuses.merge(response.statusCode(), 1, Integer::sum);
          if (response.statusCode() == 201) {
            accepted.incrementAndGet();
          }
        });

    assertThat(statuses.keySet()).isSubsetOf(201, 409);
    assertThat(accepted).hasValue(100);
    assertThat(available()).isZero();
  }

  @Test
  void emptyingRedisUnderLoadNeitherLosesNorDuplicatesOrders() throws Exception {
    try (var contents = new RedisContents(cluster.redis)) {
      underLoad(() -> contents.redis().flushall());
    }
  }

  @Test
  void killingRedisUnderLoadNeitherLosesNorDuplicatesOrders() throws Exception {
    underLoad(() -> {
      cluster.redis.kill();
      cluster.redis.start();
    });
  }

  @Test
  void killingAnInstanceUnderLoadNeitherLosesNorDuplicatesOrders() throws Exception {
    underLoad(() -> {
      cluster.two.kill();
      cluster.two.start();
    });
  }

  /** Runs clients that repeat each request until it succeeds, before, during and after an event. */
  private void underLoad(Runnable event) throws Exception {
    stock(100_000);
    Map<String, String> placed = new ConcurrentHashMap<>();
    var loading = new AtomicBoolean(true);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients =
          IntStream.range(0, 8)
              .<Future<?>>mapToObj(i ->
                  threads.submit(() -> {
                    while (loading.get()) {
                      String key = UUID.randomUUID().toString();
                      placed.put(key, placeUntilAccepted(i, key));
                    }
                  }))
              .toList();
      await().atMost(TIMEOUT).until(() -> placed.size() > 50);
      event.run();
      int placedBefore = placed.size();
      await().atMost(TIMEOUT).until(() -> placed.size() > placedBefore + 50);
      loading.set(false);
      for (var client : clients) {
        client.get();
      }
    }
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(cluster.log.eventsByOrder().keySet()).containsAll(placed.values()));
    assertThat(placed.values()).doesNotHaveDuplicates();
    placed.forEach((key, id) ->
        assertThat(id)
            .isEqualTo(OrderId.of(customer.customer(), new IdempotencyKey(key)).toString()));
    await()
        .atMost(TIMEOUT)
        .untilAsserted(() -> assertThat(available()).isEqualTo(100_000 - placed.size()));
    var events = cluster.log.eventsByOrder();
    assertThat(placed.values()).allSatisfy(id -> assertThat(events.get(id)).hasSize(1));
  }

  private String placeUntilAccepted(int client, String key) {
    var attempts = new AtomicInteger(client);
    return await()
        .atMost(TIMEOUT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> place(attempts.getAndIncrement(), key), Objects::nonNull);
  }

  /** Places an order at one of the instances; null if the request must be repeated. */
  private @Nullable String place(int attempt, String key) {
    try {
      var response =
          (attempt % 2 == 0 ? customer : atSecondInstance).place(key, TestOrders.body(sku, 1));
      if (response.statusCode() == 201) {
        return TestOrders.json(response).get("id").asString();
      }
      assertThat(response.statusCode()).isIn(409, 503);
    } catch (UncheckedIOException e) {
      assertThat(e.getCause()).isInstanceOf(IOException.class);
    }
    return null;
  }

  private static void concurrently(int calls, int concurrency, IntConsumer call) throws Exception {
    var permits = new Semaphore(concurrency);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> results =
          IntStream.range(0, calls)
              .<Future<?>>mapToObj(i ->
                  threads.submit(() -> {
                    permits.acquireUninterruptibly();
                    try {
                      call.accept(i);
                    } finally {
                      permits.release();
                    }
                  }))
              .toList();
      for (var result : results) {
        result.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  private void stock(int pieces) {
    cluster.log.product(sku, pieces);
    for (var instance : List.of(customer, atSecondInstance)) {
      await()
          .atMost(TIMEOUT)
          .untilAsserted(() ->
              assertThat(TestOrders.json(instance.get("/products/" + sku)).path("left").asLong())
                  .isEqualTo(pieces));
    }
  }

  private long available() {
    return TestOrders.json(customer.get("/products/" + sku)).path("left").asLong(-1);
  }
}

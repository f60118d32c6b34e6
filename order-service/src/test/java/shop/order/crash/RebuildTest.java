package shop.order.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import shop.order.IdempotencyKey;
import shop.order.OrderId;
import shop.order.TestOrders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Redis is rebuilt from PostgreSQL and the log, and until then requests get 503 instead of
 * incomplete data.
 */
@Tag("slow")
@ResourceLock("cluster")
class RebuildTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final TestCluster cluster = TestCluster.shared();
  private final TestOrders customer = new TestOrders(cluster.one.port());
  private final TestOrders admin = TestOrders.admin(cluster.two.port());
  private final String sku =
      "REBUILT-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
  private static TestCluster.@Nullable Instance slow;
  private RedisContents contents;

  /** Removes claims that crashes of other tests left behind, which are not part of the log. */
  @BeforeAll
  static void redisContainsOnlyTheLog() {
    var cluster = TestCluster.shared();
    try (var contents = new RedisContents(cluster.redis)) {
      contents.redis().flushall();
    }
    awaitOpen(cluster, new TestOrders(cluster.one.port()));
  }

  /** An instance whose appends can be delayed; started by the first test that needs it. */
  private TestCluster.Instance slow() {
    if (slow == null) {
      slow = cluster.pausableInstance();
    }
    return slow;
  }

  @AfterAll
  static void stopTheSlowInstance() {
    if (slow != null) {
      slow.kill();
      slow = null;
    }
  }

  @BeforeEach
  void stockAHundredPieces() {
    cluster.log.product(sku, 100);
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(available()).isEqualTo(100));
    contents = new RedisContents(cluster.redis);
  }

  @AfterEach
  void close() {
    if (slow != null) {
      slow.resumeAppends();
    }
    contents.close();
  }

  @Test
  void anEmptiedRedisIsRebuiltWithTheSameData() {
    var last = ordersOfEveryStatus();
    var before = restored();

    contents.redis().flushall();

    assertThat(customer.get("/orders").statusCode()).isEqualTo(503);
    assertThat(customer.get("/orders/" + last).statusCode()).isEqualTo(503);
    assertThat(customer.place(UUID.randomUUID().toString(), TestOrders.body(sku, 1)))
        .satisfies(refused -> assertThat(refused.statusCode()).isEqualTo(503))
        .satisfies(refused -> assertThat(refused.headers().firstValue("Retry-After")).isPresent());
    assertThatNothingIsReadWhileTheViewFollows(last);
    awaitOpen();
    assertThat(restored()).isEqualTo(before);
  }

  /** What a rebuild restores. */
  private Map<String, String> restored() {
    return RestoredContents.of(contents.everything());
  }

  /** An order is in Redis again before Redis is open: perhaps as it once was. */
  private void assertThatNothingIsReadWhileTheViewFollows(String id) {
    await().atMost(TIMEOUT).until(() -> contents.redis().exists("order:" + id) == 1);
    for (var path :
        List.of(
            "/orders/" + id,
            "/orders/" + id + "/events",
            "/orders",
            "/products/" + sku,
            "/products")) {
      var response = customer.get(path);
      if (contents.redis().exists("epoch") == 0) {
        assertThat(response.statusCode()).as(path).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).as(path).isPresent();
      }
    }
  }

  @Test
  void anAdjustmentThatASlowInstanceAppendsAfterARebuildIsIgnored() {
    String stock = "/products/" + sku + "/stock";
    String key = UUID.randomUUID().toString();
    var adjustment =
        pausedAfterTheReservation(
            0,
            () -> admin.at(slow().port()).post(stock, key, "{\"delta\":-100,\"reason\":\"lost\"}"));

    contents.redis().flushall();
    awaitOpen();
    assertThat(customer.place(UUID.randomUUID().toString(), TestOrders.body(sku, 100)).statusCode())
        .isEqualTo(201);
    slow().resumeAppends();

    assertThat(adjustment.join().statusCode()).isEqualTo(503);
    cluster.log.product(sku, 7);
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(available()).isEqualTo(7));
  }

  @Test
  void aFullRedisIsClosedUntilTheProjectorFollowsAgain() {
    var id = customer.placed(sku, 1);
    await().atMost(TIMEOUT).until(() -> customer.order(id).get("version").asInt() == 1);
    contents.redis().configSet("maxmemory", "1kb");
    try {
      assertThat(customer.place(UUID.randomUUID().toString(), TestOrders.body(sku, 1)).statusCode())
          .isEqualTo(503);

      cluster.log.captured(id);

      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> assertThat(customer.get("/orders/" + id).statusCode()).isEqualTo(503));
      await().atMost(TIMEOUT).untilAsserted(() -> assertThat(phase()).isEqualTo("FULL"));
    } finally {
      contents.redis().configSet("maxmemory", "0");
    }
    awaitOpen();
    assertThat(customer.order(id).get("status").asString()).isEqualTo("CONFIRMED");
  }

  @Test
  void anOrderIsNotAnsweredWith201WhileRedisCannotHoldIt() {
    String key = UUID.randomUUID().toString();
    var response =
        pausedAfterTheReservation(
            99, () -> customer.at(slow().port()).place(key, TestOrders.body(sku, 1)));
    contents.redis().configSet("maxmemory", "1kb");
    try {
      slow().resumeAppends();

      assertThat(response.join().statusCode()).isEqualTo(503);
    } finally {
      contents.redis().configSet("maxmemory", "0");
    }
    await()
        .atMost(TIMEOUT)
        .until(() -> customer.place(key, TestOrders.body(sku, 1)).statusCode() == 201);
    awaitOpen();
    assertThat(available()).isEqualTo(99);
  }

  /**
   * Sends a request to the slow instance, again if it gets 503 because the instance has just
   * started, until it has reserved pieces and cannot append.
   *
   * @param left pieces that can be sold then
   */
  private CompletableFuture<HttpResponse<String>> pausedAfterTheReservation(
      long left, Supplier<HttpResponse<String>> request) {
    slow().pauseAppends();
    var sent = new AtomicReference<>(CompletableFuture.supplyAsync(request, TestCluster.THREADS));
    await()
        .atMost(TIMEOUT.multipliedBy(2))
        .until(() -> {
          if (sent.get().isDone()) {
            assertThat(sent.get().join().statusCode()).isNotEqualTo(201);
            sent.set(CompletableFuture.supplyAsync(request, TestCluster.THREADS));
          }
          return available() == left && !sent.get().isDone();
        });
    return sent.get();
  }

  @Test
  void anOrderWhoseCommandIsADeadLetterComesBackWithItsKeyAndItsPieces() {
    var body = TestOrders.body(sku, 2);
    var placed = customer.placed(sku, 2);
    var open = withheld(placed);
    var discarded = withheld(placed);
    cluster.log.discard(cluster.log.deadLetter(discarded.id()));
    await()
        .atMost(TIMEOUT)
        .until(() -> customer.order(discarded.id()).path("status").asString().equals("CANCELLED"));
    awaitStatus(placed, "PLACED");
    assertWithheld(open, discarded, body, placed);
    var before = restored();

    contents.redis().flushall();
    awaitOpen();

    assertThat(restored()).isEqualTo(before);
    assertWithheld(open, discarded, body, placed);
    cluster.log.redrive(cluster.log.deadLetter(open.id()), cluster.log.command(placed).value());
    awaitStatus(open.id(), "PLACED");
    assertThat(customer.order(open.id()).path("shippingAddress").path("city").asString())
        .isEqualTo("Berlin");
    assertThat(available()).isEqualTo(96);
    assertThat(cluster.log.events(open.id())).isEqualTo(List.of("shop.order.placed.v1"));
  }

  /** A customer's order under a key, and the key. */
  private record KeyedOrder(String id, String key) {}

  /** An accepted order that is withheld, of the same request as another order. */
  private KeyedOrder withheld(String placed) {
    String key = UUID.randomUUID().toString();
    var id = OrderId.of(customer.customer(), new IdempotencyKey(key));
    cluster.log.unreadableCommand(placed, id);
    await().atMost(TIMEOUT).until(() -> customer.get("/orders/" + id).statusCode() == 200);
    return new KeyedOrder(id.toString(), key);
  }

  private void assertWithheld(KeyedOrder open, KeyedOrder discarded, String body, String placed) {
    var shown = customer.order(open.id());
    assertThat(shown.get("status").asString()).isEqualTo("PLACED");
    assertThat(shown.get("version").asInt()).isZero();
    assertThat(shown.get("items")).isEqualTo(customer.order(placed).get("items"));
    assertThat(shown.has("shippingAddress")).isFalse();
    var ended = customer.get("/orders/" + discarded.id());
    assertThat(TestOrders.json(ended).get("status").asString()).isEqualTo("CANCELLED");
    assertThat(ended.headers().firstValue("ETag"))
        .isNotEqualTo(customer.get("/orders/" + open.id()).headers().firstValue("ETag"));
    assertThat(TestOrders.json(customer.get("/orders?status=PLACED")).get("items")).hasSize(2);
    for (var order : List.of(open, discarded)) {
      var repeated = customer.place(order.key(), body);
      assertThat(repeated.statusCode()).isEqualTo(201);
      assertThat(repeated.headers().firstValue("Idempotent-Replayed")).contains("true");
      assertThat(TestOrders.json(repeated)).isEqualTo(accepted(customer.order(placed), order.id()));
      assertThat(customer.place(order.key(), TestOrders.body(sku, 1)).statusCode()).isEqualTo(422);
      assertThat(TestOrders.json(customer.get("/orders/" + order.id() + "/events")).get("items"))
          .isEmpty();
    }
    assertCancelIs("withheld", open);
    assertCancelIs("already-cancelled", discarded);
    assertThat(available()).isEqualTo(96);
  }

  /** An order as it was accepted, under another id. */
  private static JsonNode accepted(JsonNode order, String id) {
    return ((ObjectNode) order.deepCopy()).put("id", id).put("version", 0);
  }

  private void assertCancelIs(String problem, KeyedOrder order) {
    var cancel = customer.post("/orders/" + order.id() + "/cancel", order.key(), "{}");
    assertThat(cancel.statusCode()).isEqualTo(409);
    assertThat(TestOrders.json(cancel).get("type").asString()).isEqualTo("/problems/" + problem);
  }

  @Test
  void anAdminCanRequestARebuild() {
    ordersOfEveryStatus();
    var before = restored();
    String epoch = contents.redis().get("epoch");

    assertThat(customer.post("/admin/orders/projection/rebuilds", "x".repeat(16), "").statusCode())
        .isEqualTo(403);
    assertThat(admin.post("/admin/orders/projection/rebuilds", "x".repeat(16), "").statusCode())
        .isEqualTo(202);

    await().atMost(TIMEOUT).until(() -> !epoch.equals(contents.redis().get("epoch")));
    awaitOpen();
    assertThat(restored()).isEqualTo(before);
    assertThat(phase()).isEqualTo("OPEN");
  }

  @Test
  void aRewoundRedisIsBroughtUpToDate() {
    var early = customer.placed(sku, 1);
    await().atMost(TIMEOUT).until(() -> customer.order(early).get("version").asInt() == 1);
    var past = contents.dump();
    ordersOfEveryStatus();
    cluster.log.captured(early);
    await()
        .atMost(TIMEOUT)
        .until(() -> customer.order(early).get("status").asString().equals("CONFIRMED"));
    var before = contents.everything();

    contents.rewindTo(past);

    assertThat(customer.place(UUID.randomUUID().toString(), TestOrders.body(sku, 1)).statusCode())
        .isEqualTo(503);
    awaitOpen();
    assertThat(contents.everything()).isEqualTo(before);
  }

  @Test
  void aKilledRedisLosesNothingThatWasAccepted() {
    var ids = new ArrayList<String>();
    for (int i = 0; i < 20; i++) {
      ids.add(customer.placed(sku, 1));
    }
    cluster.redis.kill();
    assertThat(customer.place(UUID.randomUUID().toString(), TestOrders.body(sku, 1)).statusCode())
        .isEqualTo(503);
    cluster.redis.start();
    contents.close();
    contents = new RedisContents(cluster.redis);

    awaitOpen();

    assertThat(ids)
        .allSatisfy(id -> assertThat(customer.order(id).get("id").asString()).isEqualTo(id));
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(available()).isEqualTo(80));
  }

  @Test
  void aRedisBeyondTheEndOfTheLogIsRebuilt() {
    ordersOfEveryStatus();
    var before = restored();

    contents.redis().hset("positions", "orders:0", "1000000");

    await()
        .atMost(TIMEOUT)
        .until(() -> !"1000000".equals(contents.redis().hget("positions", "orders:0")));
    awaitOpen();
    assertThat(restored()).isEqualTo(before);
  }

  /** Places orders and brings them to every status; returns the last one. */
  private String ordersOfEveryStatus() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ids.add(customer.placed(sku, 1 + i));
    }
    ids.subList(1, 6).forEach(cluster.log::captured);
    cluster.log.fact(ids.get(6), "shop.payment.declined.v1", Map.of("reason", "expired_card"));
    ids.subList(1, 6).forEach(id -> awaitStatus(id, "CONFIRMED"));
    String key = UUID.randomUUID().toString();
    String shipment = "{\"carrier\":\"Post\",\"trackingNumber\":\"X1\"}";
    assertThat(post(ids.get(1), "shipments", key, shipment)).isEqualTo(201);
    assertThat(post(ids.get(2), "shipments", key, shipment)).isEqualTo(201);
    assertThat(post(ids.get(2), "deliveries", key, "{}")).isEqualTo(201);
    assertThat(post(ids.get(3), "refunds", key, "{\"reason\":\"all\"}")).isEqualTo(201);
    assertThat(post(ids.get(4), "cancel", key, "{}")).isEqualTo(202);
    assertThat(post(ids.get(7), "cancel", key, "{}")).isEqualTo(202);
    cluster.log.fact(ids.get(7), "shop.payment.voided.v1", Map.of());
    var amount = customer.order(ids.get(3)).get("total");
    cluster.log.fact(
        ids.get(3),
        "shop.payment.refunded.v1",
        Map.of("refundId", UUID.randomUUID(), "amount", amount));
    awaitStatus(ids.get(0), "PLACED");
    awaitStatus(ids.get(1), "SHIPPED");
    awaitStatus(ids.get(2), "DELIVERED");
    awaitStatus(ids.get(3), "REFUNDED");
    awaitStatus(ids.get(4), "CANCELLING");
    awaitStatus(ids.get(6), "PAYMENT_FAILED");
    awaitStatus(ids.get(7), "CANCELLED");
    return ids.getLast();
  }

  private int post(String id, String resource, String key, String body) {
    return admin.post("/orders/" + id + "/" + resource, key, body).statusCode();
  }

  private void awaitStatus(String id, String status) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(() -> {
          var order = customer.order(id);
          assertThat(order.get("status").asString()).isEqualTo(status);
          assertThat(order.get("version").asInt()).isPositive();
        });
  }

  private void awaitOpen() {
    awaitOpen(cluster, customer);
  }

  private static void awaitOpen(TestCluster cluster, TestOrders customer) {
    for (var instance : List.of(cluster.one, cluster.two)) {
      await()
          .atMost(TIMEOUT)
          .until(() -> customer.at(instance.port()).get("/orders").statusCode() == 200);
    }
  }

  private String phase() {
    return TestOrders.json(admin.get("/admin/orders/projection")).get("phase").asString();
  }

  private long available() {
    var product = TestOrders.json(customer.get("/products/" + sku));
    return product.has("left") ? product.get("left").asLong() : -1;
  }
}

package shop.order.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import shop.order.TestOrders;

/**
 * Redis is disposable: what it held comes back from the log, and until then nobody is told lies.
 */
class RebuildTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Rig rig = Rig.shared();
  private final TestOrders customer = new TestOrders(rig.one.port());
  private final TestOrders admin = TestOrders.admin(rig.two.port());
  private final String sku =
      "REBUILT-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
  private View view;

  /**
   * Claims that other tests' crashes left behind are no part of the log: once emptied, Redis holds
   * nothing else.
   */
  @BeforeAll
  static void redisHoldsTheLogAndNothingElse() {
    var rig = Rig.shared();
    try (var view = new View(rig.redis)) {
      view.redis().flushall();
      await().atMost(PATIENCE).until(() -> view.redis().exists("epoch") == 1);
    }
    awaitOpen(rig, new TestOrders(rig.one.port()));
  }

  @BeforeEach
  void aHundredPiecesAreThere() {
    rig.log.product(sku, 100);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(left()).isEqualTo(100));
    view = new View(rig.redis);
  }

  @AfterEach
  void close() {
    view.close();
  }

  @Test
  void anEmptiedRedisIsFilledAgainAndIsWhatItWas() {
    var last = ordersOfEveryKind();
    var before = view.everything();

    view.redis().flushall();

    assertThat(customer.get("/orders").statusCode()).isEqualTo(503);
    assertThat(customer.get("/orders/" + last).statusCode()).isEqualTo(503);
    assertThat(customer.place(UUID.randomUUID().toString(), TestOrders.body(sku, 1)))
        .satisfies(refused -> assertThat(refused.statusCode()).isEqualTo(503))
        .satisfies(refused -> assertThat(refused.headers().firstValue("Retry-After")).isPresent());
    awaitOpen();
    assertThat(view.everything()).isEqualTo(before);
  }

  @Test
  void anAdminMayAskForIt() {
    ordersOfEveryKind();
    var before = view.everything();
    String epoch = view.redis().get("epoch");

    assertThat(customer.post("/admin/orders/projection/rebuilds", "x".repeat(16), "").statusCode())
        .isEqualTo(403);
    assertThat(admin.post("/admin/orders/projection/rebuilds", "x".repeat(16), "").statusCode())
        .isEqualTo(202);

    await().atMost(PATIENCE).until(() -> !epoch.equals(view.redis().get("epoch")));
    awaitOpen();
    assertThat(view.everything()).isEqualTo(before);
    var report = TestOrders.json(admin.get("/admin/orders/projection"));
    assertThat(report.get("phase").asString()).isEqualTo("OPEN");
  }

  @Test
  void aRewoundRedisGoesOnFromWhereItWas() {
    var early = customer.placed(sku, 1);
    await().atMost(PATIENCE).until(() -> customer.order(early).get("version").asInt() == 1);
    var past = view.dump();
    ordersOfEveryKind();
    rig.log.captured(early);
    await()
        .atMost(PATIENCE)
        .until(() -> customer.order(early).get("status").asString().equals("CONFIRMED"));
    var before = view.everything();

    view.rewindTo(past);

    assertThat(customer.place(UUID.randomUUID().toString(), TestOrders.body(sku, 1)).statusCode())
        .isEqualTo(503);
    awaitOpen();
    assertThat(view.everything()).isEqualTo(before);
  }

  @Test
  void aKilledRedisLosesNothingThatWasAccepted() {
    var ids = new ArrayList<String>();
    for (int i = 0; i < 20; i++) {
      ids.add(customer.placed(sku, 1));
    }
    rig.redis.kill();
    assertThat(customer.place(UUID.randomUUID().toString(), TestOrders.body(sku, 1)).statusCode())
        .isEqualTo(503);
    rig.redis.start();
    view.close();
    view = new View(rig.redis);

    awaitOpen();

    assertThat(ids)
        .allSatisfy(id -> assertThat(customer.order(id).get("id").asString()).isEqualTo(id));
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(left()).isEqualTo(80));
  }

  @Test
  void positionsBeyondTheEndOfTheLogAreNotBelieved() {
    ordersOfEveryKind();
    var before = view.everything();

    view.redis().hset("positions", "orders:0", "1000000");

    await()
        .atMost(PATIENCE)
        .until(() -> !"1000000".equals(view.redis().hget("positions", "orders:0")));
    awaitOpen();
    assertThat(view.everything()).isEqualTo(before);
  }

  /** Orders in every state, all of them applied; returns the last one. */
  private String ordersOfEveryKind() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ids.add(customer.placed(sku, 1 + i));
    }
    ids.subList(1, 6).forEach(rig.log::captured);
    rig.log.fact(ids.get(6), "shop.payment.declined.v1", Map.of("reason", "expired_card"));
    ids.subList(1, 6).forEach(id -> awaitStatus(id, "CONFIRMED"));
    String key = UUID.randomUUID().toString();
    String shipment = "{\"carrier\":\"Post\",\"trackingNumber\":\"X1\"}";
    assertThat(post(ids.get(1), "shipments", key, shipment)).isEqualTo(201);
    assertThat(post(ids.get(2), "shipments", key, shipment)).isEqualTo(201);
    assertThat(post(ids.get(2), "deliveries", key, "{}")).isEqualTo(201);
    assertThat(post(ids.get(3), "refunds", key, "{\"reason\":\"all\"}")).isEqualTo(201);
    assertThat(post(ids.get(4), "cancel", key, "{}")).isEqualTo(202);
    assertThat(post(ids.get(7), "cancel", key, "{}")).isEqualTo(202);
    rig.log.fact(ids.get(7), "shop.payment.voided.v1", Map.of());
    var amount = customer.order(ids.get(3)).get("total");
    rig.log.fact(
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

  private int post(String id, String what, String key, String body) {
    return admin.post("/orders/" + id + "/" + what, key, body).statusCode();
  }

  private void awaitStatus(String id, String status) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          var order = customer.order(id);
          assertThat(order.get("status").asString()).isEqualTo(status);
          assertThat(order.get("version").asInt()).isPositive();
        });
  }

  private void awaitOpen() {
    awaitOpen(rig, customer);
  }

  private static void awaitOpen(Rig rig, TestOrders customer) {
    for (var instance : List.of(rig.one, rig.two)) {
      await()
          .atMost(PATIENCE)
          .until(() -> customer.at(instance.port()).get("/orders").statusCode() == 200);
    }
  }

  private long left() {
    var product = TestOrders.json(customer.get("/products/" + sku));
    return product.has("left") ? product.get("left").asLong() : -1;
  }
}

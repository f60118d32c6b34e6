package shop.order.eviction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.order.TestOrders.json;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.context.TestPropertySource;
import shop.order.OrderId;
import shop.order.OrderServiceTest;
import shop.order.OrderSteps;
import shop.order.PaymentFact;
import shop.order.TestOrders;
import shop.order.reading.UnsettledOrders;
import shop.order.redis.Keys;
import shop.order.redis.Redis;
import shop.order.store.Evictions;

/** Orders that have ended leave Redis after a short time; callers notice nothing. */
@OrderServiceTest
@TestPropertySource(properties = {"shop.eviction.after=2s", "shop.eviction.every=100ms"})
class OrderEvictionTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @LocalServerPort int port;
  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  @Autowired Evictions evictions;
  @Autowired Redis redis;
  @Autowired UnsettledOrders unsettled;
  TestOrders customer;
  TestOrders admin;
  OrderSteps steps;

  @BeforeEach
  void awaitCatalog() {
    customer = new TestOrders(port);
    admin = TestOrders.admin(port);
    steps = new OrderSteps(kafka, customer, admin);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(() ->
            assertThat(json(customer.get("/products/MUG-WHITE")).path("left").asLong())
                .isPositive());
  }

  @Test
  void anOrderThatHasLeftIsShownAsBefore() {
    String id = shipped();
    String order = customer.get("/orders/" + id).body();
    String events = customer.get("/orders/" + id + "/events").body();
    String list = customer.get("/orders").body();
    String shippedOnes = customer.get("/orders?status=SHIPPED").body();

    awaitLeft(id);

    assertThat(customer.get("/orders/" + id).body()).isEqualTo(order);
    assertThat(customer.get("/orders/" + id + "/events").body()).isEqualTo(events);
    assertThat(customer.get("/orders").body()).isEqualTo(list);
    assertThat(customer.get("/orders?status=SHIPPED").body()).isEqualTo(shippedOnes);
    assertThat(json(customer.get("/orders?status=CONFIRMED")).get("items")).isEmpty();
    assertThat(new TestOrders(port).get("/orders/" + id).statusCode()).isEqualTo(404);
    assertThat(customer.get("/orders/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
  }

  @Test
  void anOrderOfWhichSomethingIsUnderWayStays() {
    String open = customer.placed("MUG-WHITE", 1);
    String paid = confirmed();
    String refunding = confirmed();
    String amount = ",\"amount\":{\"amount\":100,\"currency\":\"EUR\"}";
    assertThat(steps.requestRefund(refunding, amount).statusCode()).isEqualTo(201);
    ship(refunding, "X1");
    String last = declined();

    awaitLeft(last);

    assertThat(isHere(open)).isTrue();
    assertThat(isHere(paid)).isTrue();
    assertThat(isHere(refunding)).isTrue();
    steps.refund(refunding);
    awaitLeft(refunding);
    assertThat(customer.order(refunding).get("refunded").get("amount").asInt()).isEqualTo(100);
  }

  @Test
  void anOrderThatHasLeftIsRefundedWithoutComingBack() {
    String id = shipped();
    awaitLeft(id);

    Instant requested = Instant.now();
    assertThat(steps.requestRefund(id, "").statusCode()).isEqualTo(201);
    await().atMost(TIMEOUT).until(() -> isUnsettled(id, Instant.now().plusSeconds(60)));
    assertThat(isUnsettled(id, requested.minusSeconds(1))).isFalse();
    steps.refund(id);

    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(customer.order(id).get("status").asString()).isEqualTo("REFUNDED"));
    assertThat(isHere(id)).isFalse();
    assertThat(isUnsettled(id, Instant.now().plusSeconds(60))).isFalse();
    assertThat(json(customer.get("/orders/" + id + "/events")).get("items")).hasSize(5);
    assertThat(json(customer.get("/orders?status=REFUNDED")).get("items")).hasSize(1);
    assertThat(json(customer.get("/orders?status=SHIPPED")).get("items")).isEmpty();
  }

  @Test
  void aLateChargeOfAnOrderThatHasLeftIsAnUnsettledOrder() {
    String id = declined();
    awaitLeft(id);

    steps.fact(id, PaymentFact.Captured.TYPE, Map.of("paymentIntentId", "pi_" + id));

    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(customer.order(id).get("status").asString()).isEqualTo("CANCELLING"));
    assertThat(isHere(id)).isFalse();
    assertThat(isUnsettled(id, Instant.now().plusSeconds(60))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void pagesReachAcrossTheBoundary(int limit) {
    var expected = new ArrayList<String>();
    expected.add(shipped());
    expected.add(confirmed());
    expected.add(declined());
    expected.add(confirmed());
    awaitLeft(expected.get(0));
    awaitLeft(expected.get(2));
    expected.add(declined());
    expected.add(customer.placed("MUG-WHITE", 1));
    Collections.reverse(expected);

    assertThat(customer.ids("/orders?limit=" + limit)).isEqualTo(expected);
    assertThat(admin.ids("/orders?limit=" + limit + "&customer=" + customer.customer()))
        .isEqualTo(expected);
    assertThat(customer.ids("/orders?status=CONFIRMED&limit=" + limit))
        .containsExactly(expected.get(2), expected.get(4));
    assertThat(customer.ids("/orders?status=PAYMENT_FAILED&limit=" + limit))
        .containsExactly(expected.get(1), expected.get(3));
    Instant middle = Instant.parse(customer.order(expected.get(3)).get("createdAt").asString());
    assertThat(customer.ids("/orders?limit=" + limit + "&to=" + middle))
        .isEqualTo(expected.subList(4, 6));
    assertThat(customer.ids("/orders?limit=" + limit + "&from=" + middle))
        .isEqualTo(expected.subList(0, 4));
  }

  @Test
  void noPageLacksAnOrderWhileOrdersLeave() {
    var expected = new ArrayList<String>();
    for (int i = 0; i < 12; i++) {
      expected.add(declined());
    }
    Collections.reverse(expected);

    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> {
          boolean allLeft = expected.stream().noneMatch(this::isHere);
          assertThat(customer.ids("/orders?limit=5")).isEqualTo(expected);
          assertThat(customer.ids("/orders?status=PAYMENT_FAILED&limit=5")).isEqualTo(expected);
          return allLeft;
        });
  }

  @Test
  void adminsSearchOrdersHereAndThere() {
    String number = "AB%_" + UUID.randomUUID();
    String old = shipped(number);
    awaitLeft(old);
    String recent = shipped("XY" + number);
    String mine = "/orders?customer=" + customer.customer();

    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(admin.ids(mine + "&sku=MUG-WHITE")).containsExactly(recent, old));
    assertThat(admin.ids(mine + "&sku=MUG-WHITE&limit=1")).containsExactly(recent, old);
    assertThat(admin.ids(mine + "&sku=MUG-BLUE")).isEmpty();
    assertThat(admin.ids("/orders?text=" + encoded(number))).containsExactly(recent, old);
    assertThat(admin.ids("/orders?text=" + encoded("xy" + number))).containsExactly(recent);
    assertThat(admin.ids("/orders?text=" + encoded(number.replace('%', '7')))).isEmpty();
    assertThat(admin.ids(mine + "&text=mug")).containsExactly(recent, old);
    assertThat(admin.ids(mine + "&text=mug&sku=MUG-WHITE&limit=1")).containsExactly(recent, old);
    assertThat(admin.ids(mine + "&minTotal=1290&maxTotal=1290")).containsExactly(recent, old);
    assertThat(admin.ids(mine + "&minTotal=1291")).isEmpty();
    assertThat(admin.ids(mine + "&text=mug&status=CONFIRMED")).isEmpty();
    assertThat(customer.get("/orders?sku=MUG-WHITE").statusCode()).isEqualTo(403);
    assertThat(admin.get("/orders?text=ab").statusCode()).isEqualTo(400);
  }

  @Test
  void postgresqlThatLacksOrdersThatHaveLeftIsNotBelieved() {
    String id = declined();
    awaitLeft(id);
    byte[] evicted = Redis.bytes(Keys.EVICTED);
    byte[] position = Redis.bytes("orders:0");
    byte[] before = redis.await(redis.commands().hget(evicted, position));
    var _ = redis.await(redis.commands().hset(evicted, position, Redis.bytes("999999999")));
    try {
      assertThat(customer.get("/orders/" + UUID.randomUUID()).statusCode()).isEqualTo(503);
      assertThat(customer.get("/orders/" + id).statusCode()).isEqualTo(503);
      assertThat(customer.get("/orders").statusCode()).isEqualTo(503);
    } finally {
      var _ = redis.await(redis.commands().hset(evicted, position, before));
    }
    assertThat(customer.get("/orders/" + id).statusCode()).isEqualTo(200);
  }

  private String shipped() {
    return shipped("X1");
  }

  private String shipped(String trackingNumber) {
    String id = confirmed();
    ship(id, trackingNumber);
    return id;
  }

  private void ship(String id, String trackingNumber) {
    steps.ship(id, UUID.randomUUID().toString(), trackingNumber);
  }

  private String confirmed() {
    String id = customer.placed("MUG-WHITE", 1);
    steps.confirm(id);
    return id;
  }

  private String declined() {
    String id = customer.placed("MUG-WHITE", 1);
    steps.decline(id);
    return id;
  }

  private void awaitLeft(String id) {
    await().atMost(TIMEOUT).until(() -> !isHere(id));
  }

  /** True if the order has waited for payment-service since before a time. */
  private boolean isUnsettled(String id, Instant time) {
    return unsettled.waitingBefore(time, 0, 10_000).stream()
        .anyMatch(order -> order.id().toString().equals(id));
  }

  private boolean isHere(String id) {
    return evictions.holdings(List.of(OrderId.parse(id))).held().containsKey(OrderId.parse(id));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

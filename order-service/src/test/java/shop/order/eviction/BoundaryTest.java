package shop.order.eviction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.order.TestOrders.body;
import static shop.order.TestOrders.json;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.json.Json;
import shop.order.EventStreamClient;
import shop.order.IdempotencyKey;
import shop.order.OrderId;
import shop.order.OrderServiceTest;
import shop.order.OrderStatus;
import shop.order.OrderSteps;
import shop.order.OrderVersion;
import shop.order.PaymentFact;
import shop.order.TestOrders;
import shop.order.archive.ArchivedOrders;
import shop.order.placement.OrderRequest;
import shop.order.placement.PlacementAccess;
import shop.order.reading.UnsettledOrders;
import shop.order.redis.Epoch;
import shop.order.redis.Keys;
import shop.order.redis.Redis;
import shop.order.store.Evictions;

/**
 * Every endpoint, for orders that were placed a millisecond before the boundary, at it, and a
 * millisecond after it. The orders leave Redis by the clock of another instance, which is minutes
 * ahead.
 */
@OrderServiceTest
class BoundaryTest {

  private static final Duration TIMEOUT = OrderSteps.TIMEOUT;
  private static final String SKU = "MUG-WHITE";

  /** The age at which orders leave Redis, and so by how much the clocks of the instances differ. */
  private static final Duration AFTER = Duration.ofMinutes(7);

  @LocalServerPort int port;
  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  @Autowired BeanFactory beans;
  @Autowired Evictions evictions;
  @Autowired ArchivedOrders archive;
  @Autowired Epoch epoch;
  @Autowired Redis redis;
  @Autowired JdbcClient jdbc;
  @Autowired UnsettledOrders unsettled;
  TestOrders customer;
  TestOrders admin;
  OrderSteps steps;

  @BeforeEach
  void awaitCatalog() {
    customer = new TestOrders(port);
    admin = TestOrders.admin(port);
    steps = new OrderSteps(kafka, customer, admin);
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(left()).isPositive());
  }

  /** An order with the response to the request that placed it. */
  private record Placed(String key, String id, Instant time, String response) {}

  /** Three orders of the customer, of which only the first may leave Redis. */
  private record Orders(Placed before, Placed at, Placed after) {

    Instant boundary() {
      return at.time();
    }

    List<Placed> all() {
      return List.of(before, at, after);
    }

    List<String> newestFirst() {
      return List.of(after.id(), at.id(), before.id());
    }
  }

  @Test
  void everythingIsShownAsBefore() throws IOException {
    Instant boundary = now();
    var open = place(boundary);
    var ended = place(boundary);
    String number = UUID.randomUUID().toString();
    for (var order : open.all()) {
      steps.confirm(order.id());
    }
    for (var order : ended.all()) {
      steps.confirm(order.id());
      steps.ship(order.id(), UUID.randomUUID().toString(), number);
    }
    String search = "/orders?text=" + number;
    await()
        .atMost(TIMEOUT)
        .untilAsserted(() -> assertThat(admin.ids(search)).isEqualTo(ended.newestFirst()));
    var shown = responses(open, ended, search);

    evict(ended);

    assertThat(open.all()).allMatch(order -> isHere(order.id()));
    assertThat(responses(open, ended, search)).isEqualTo(shown);
    assertLists(ended);
    for (var order : ended.all()) {
      assertThat(events(customer, order.id(), null, 3)).containsExactly("id: 1", "id: 2", "id: 3");
      assertThat(events(admin, order.id(), "1", 2)).containsExactly("id: 2", "id: 3");
      assertThat(new TestOrders(port).get("/orders/" + order.id()).statusCode()).isEqualTo(404);
    }
    assertThat(customer.get("/orders/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
  }

  private void assertLists(Orders shipped) {
    Instant boundary = shipped.boundary();
    String list = "/orders?status=SHIPPED";
    var ids = shipped.newestFirst();
    assertThat(customer.ids(list)).isEqualTo(ids);
    assertThat(customer.ids(list + "&from=" + boundary)).isEqualTo(ids.subList(0, 2));
    assertThat(customer.ids(list + "&to=" + boundary)).isEqualTo(ids.subList(2, 3));
    assertThat(customer.ids(list + "&from=" + shipped.before().time())).isEqualTo(ids);
    assertThat(customer.ids(list + "&to=" + shipped.before().time())).isEmpty();
    assertThat(customer.ids(list + "&from=" + shipped.after().time())).isEqualTo(ids.subList(0, 1));
    assertThat(customer.ids(list + "&to=" + shipped.after().time())).isEqualTo(ids.subList(1, 3));
  }

  /** What all endpoints show of orders. */
  private Map<String, String> responses(Orders open, Orders ended, String search) {
    Map<String, String> all = new LinkedHashMap<>();
    for (var client : List.of(customer, admin)) {
      for (var order : Stream.of(open, ended).flatMap(orders -> orders.all().stream()).toList()) {
        for (var path : List.of("/orders/" + order.id(), "/orders/" + order.id() + "/events")) {
          all.put(path + " for " + client.customer(), text(client.get(path)));
        }
      }
    }
    var filters = new ArrayList<>(List.of("", "&status=SHIPPED", "&status=CONFIRMED"));
    for (var order : ended.all()) {
      filters.add("&from=" + order.time());
      filters.add("&to=" + order.time());
    }
    String ofCustomer = "/orders?customer=" + customer.customer();
    for (var filter : filters) {
      for (int limit : List.of(1, 2, 7)) {
        String rest = "limit=" + limit + filter;
        all.put("list " + rest, customer.ids("/orders?" + rest).toString());
        all.put("list for admins " + rest, admin.ids(ofCustomer + "&" + rest).toString());
        all.put("by SKU " + rest, admin.ids(ofCustomer + "&sku=" + SKU + "&" + rest).toString());
        all.put("by sum " + rest, admin.ids(ofCustomer + "&minTotal=1&" + rest).toString());
        all.put("by text " + rest, admin.ids(search + "&" + rest).toString());
      }
    }
    return all;
  }

  private static String text(HttpResponse<String> response) {
    return response.statusCode() + " " + response.headers().firstValue("ETag") + response.body();
  }

  /** The next ids of an event stream. */
  private List<String> events(TestOrders client, String id, @Nullable String lastEventId, int count)
      throws IOException {
    try (var stream = new EventStreamClient(port, client, id, lastEventId)) {
      assertThat(stream.status()).contains("200");
      return next(stream, count);
    }
  }

  private static List<String> next(EventStreamClient stream, int count) throws IOException {
    var ids = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      ids.add(stream.next());
    }
    return ids;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRepeatedRequestGetsTheSameResponse(boolean responseIsStored) {
    var orders = declined();
    evict(orders);
    long left = left();

    for (var order : orders.all()) {
      if (!responseIsStored) {
        var key = Redis.bytes(Keys.idempotency(OrderId.parse(order.id())));
        assertThat(redis.await(redis.commands().del(key))).isOne();
      }
      assertThat(customer.place(order.key(), body(SKU, 2)).statusCode()).isEqualTo(422);
      var repeated = customer.place(order.key(), body(SKU, 1));
      assertThat(repeated.statusCode()).as(repeated.body()).isEqualTo(201);
      assertThat(repeated.headers().firstValue("Idempotent-Replayed")).contains("true");
      assertThat(repeated.body()).isEqualTo(order.response());
      assertThat(json(customer.get("/orders/" + order.id() + "/events")).get("items")).hasSize(2);
    }

    assertThat(left()).isEqualTo(left);
    assertOnlyTheFirstHasLeft(orders);
  }

  @Test
  void commandsAreDecidedAlike() throws IOException {
    var orders = place(now());
    for (var order : orders.all()) {
      steps.confirm(order.id());
      steps.ship(order.id(), order.key(), "X1");
    }
    evict(orders);

    for (var order : orders.all()) {
      String path = "/orders/" + order.id();
      assertThat(customer.post(path + "/cancel", "{}").statusCode()).isEqualTo(409);
      var repeated = steps.requestShipment(order.id(), order.key(), "X1");
      assertThat(repeated.statusCode()).as(repeated.body()).isEqualTo(201);
      assertThat(repeated.headers().firstValue("Idempotent-Replayed")).contains("true");
      String another = UUID.randomUUID().toString();
      assertThat(steps.requestShipment(order.id(), another, "X2").statusCode()).isEqualTo(409);
      try (var stream = new EventStreamClient(port, customer, order.id(), "3")) {
        assertThat(stream.status()).contains("200");
        assertThat(admin.post(path + "/deliveries", another, "").statusCode()).isEqualTo(201);
        steps.awaitStatus(order.id(), "DELIVERED");
        assertThat(steps.requestRefund(order.id(), "").statusCode()).isEqualTo(201);
        assertThat(next(stream, 2)).containsExactly("id: 4", "id: 5");
      }
    }
    // Of those that are in Redis a refund is looked for when they are older.
    await()
        .atMost(TIMEOUT)
        .untilAsserted(() -> assertThat(unsettled(orders)).containsExactly(orders.before().id()));
    for (var order : orders.all()) {
      steps.refund(order.id());
      steps.awaitStatus(order.id(), "REFUNDED");
      assertThat(json(customer.get("/orders/" + order.id() + "/events")).get("items")).hasSize(6);
    }

    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(unsettled(orders)).isEmpty());
    assertThat(customer.ids("/orders?status=REFUNDED&limit=1")).isEqualTo(orders.newestFirst());
    for (var status : List.of("SHIPPED", "DELIVERED")) {
      assertThat(customer.ids("/orders?status=" + status)).isEmpty();
    }
    assertOnlyTheFirstHasLeft(orders);
  }

  @Test
  void anOrderThatIsOpenedAgainIsUnsettledOnce() {
    var orders = declined();
    evict(orders);

    for (var order : orders.all()) {
      steps.fact(
          order.id(), PaymentFact.Captured.TYPE, Map.of("paymentIntentId", "pi_" + order.id()));
      steps.awaitStatus(order.id(), "CANCELLING");
    }

    await()
        .atMost(TIMEOUT)
        .untilAsserted(() ->
            assertThat(unsettled(orders))
                .containsExactlyInAnyOrderElementsOf(orders.newestFirst()));
    assertThat(customer.ids("/orders?status=CANCELLING&limit=1")).isEqualTo(orders.newestFirst());
    assertOnlyTheFirstHasLeft(orders);
  }

  @Test
  void pagesOfUnsettledOrdersReachAcrossTheBoundary() {
    var all = List.of(declined(), declined());
    for (var orders : all) {
      evict(orders);
      for (var order : List.of(orders.before(), orders.after())) {
        steps.fact(
            order.id(), PaymentFact.Captured.TYPE, Map.of("paymentIntentId", "pi_" + order.id()));
        steps.awaitStatus(order.id(), "CANCELLING");
      }
    }
    var expected =
        all.stream()
            .flatMap(orders -> Stream.of(orders.before().id(), orders.after().id()))
            .toList();
    await().atMost(TIMEOUT).until(() -> expected.stream().allMatch(this::unsettled));

    Instant time = Instant.now().plusSeconds(60);
    var ids = new ArrayList<String>();
    var page = unsettled.waitingBefore(time, 0, 1);
    while (!page.isEmpty()) {
      String id = page.getFirst().id().toString();
      // Those before the second boundary are in Redis and in PostgreSQL.
      assertThat(Collections.frequency(ids, id)).isLessThan(2);
      ids.add(id);
      page = unsettled.waitingBefore(time, ids.size(), 1);
    }
    assertThat(ids).containsAll(expected);
  }

  /** PostgreSQL is behind, as far as anyone can tell: its row has an earlier state. */
  @Test
  void aRowThatRedisHoldsCountsAsRedisHasIt() {
    var open = place(now());
    open.all().forEach(order -> steps.confirm(order.id()));
    evict(declined());
    String id = open.before().id();
    String ofCustomer = "/orders?customer=" + customer.customer();
    String search = ofCustomer + "&minTotal=1";
    await()
        .atMost(TIMEOUT)
        .untilAsserted(() ->
            assertThat(admin.ids(search + "&status=CONFIRMED")).isEqualTo(open.newestFirst()));

    setArchivedStatus(id, "PLACED");
    try {
      for (var list : List.of(ofCustomer, search)) {
        assertThat(admin.ids(list + "&status=PLACED")).isEmpty();
        assertThat(json(admin.get(list)).get("items").valueStream())
            .filteredOn(order -> order.get("id").asString().equals(id))
            .singleElement()
            .satisfies(order -> assertThat(order.get("status").asString()).isEqualTo("CONFIRMED"));
      }
      assertThat(admin.ids(ofCustomer + "&status=CONFIRMED&limit=1")).isEqualTo(open.newestFirst());
    } finally {
      setArchivedStatus(id, "CONFIRMED");
    }
  }

  private void setArchivedStatus(String id, String status) {
    int rows =
        jdbc.sql("UPDATE orders SET status = :status WHERE id = :id::uuid")
            .param("status", status)
            .param("id", id)
            .update();
    assertThat(rows).isOne();
  }

  @Test
  void onlyWhatIsBeforeTheBoundaryNeedsPostgresql() {
    var orders = declined();
    evict(orders);
    var evicted = Redis.bytes(Keys.EVICTED);
    var position = Redis.bytes("orders:0");
    byte[] was = redis.await(redis.commands().hget(evicted, position));
    Function<String, Integer> status = path -> customer.get(path).statusCode();

    var _ = redis.await(redis.commands().hset(evicted, position, Redis.bytes("999999999")));
    try {
      assertThat(status.apply("/orders?limit=1")).isEqualTo(200);
      assertThat(status.apply("/orders?limit=2")).isEqualTo(503);
      assertThat(status.apply("/orders?from=" + orders.boundary())).isEqualTo(200);
      assertThat(status.apply("/orders?from=" + orders.before().time())).isEqualTo(503);
      for (var order : orders.all()) {
        int expected = order.equals(orders.before()) ? 503 : 200;
        assertThat(status.apply("/orders/" + order.id())).isEqualTo(expected);
        assertThat(status.apply("/orders/" + order.id() + "/events")).isEqualTo(expected);
      }
    } finally {
      var _ = redis.await(redis.commands().hset(evicted, position, was));
    }
  }

  /** The query that finds them, and the script, which has the last word. */
  @Test
  void theSearchAndTheScriptAgreeAboutTheBoundary() {
    var orders = declined();
    Instant boundary = orders.boundary();
    var ids = orders.all().stream().map(order -> OrderId.parse(order.id())).toList();
    var versions = ids.stream().map(id -> new OrderVersion(id, 2, OrderStatus.PAYMENT_FAILED));
    await()
        .atMost(TIMEOUT)
        .until(() ->
            archive.withoutRefundUnderWay(ids).value().stream()
                    .filter(order -> order.version() == 2)
                    .count()
                == 3);

    var found = evictions.placedBefore(boundary, OrderStatus.PAYMENT_FAILED, 0, 10_000);
    assertThat(found).contains(ids.get(0)).doesNotContain(ids.get(1), ids.get(2));
    var positions = archive.withoutRefundUnderWay(ids).positions();
    assertThat(evictions.evict(boundary, versions.toList(), positions)).isOne();

    assertThat(boundary()).isEqualTo(boundary);
    assertOnlyTheFirstHasLeft(orders);
  }

  @Test
  void anInstanceWhoseClockIsBehindMovesNothingBack() {
    var orders = declined();
    var others = declined();
    evict(orders);
    Instant boundary = boundary();

    for (var ago : List.of(Duration.ofMillis(1), Duration.ofMinutes(5), Duration.ofHours(1))) {
      Instant behind = orders.boundary().minus(ago);
      evictor(behind).evict();
      // It does not call the script unless it finds an order.
      evictions.evict(behind, List.of(), archive.withoutRefundUnderWay(List.of()).positions());
      assertThat(boundary()).isEqualTo(boundary);
      assertThat(others.all()).allMatch(order -> isHere(order.id()));
      assertOnlyTheFirstHasLeft(orders);
    }

    evict(others);
    assertThat(boundary()).isEqualTo(others.boundary());
    assertThat(customer.ids("/orders?limit=2"))
        .isEqualTo(
            Stream.concat(others.newestFirst().stream(), orders.newestFirst().stream()).toList());
  }

  /** The boundary is then later than the orders that are placed, which are not shown at once. */
  @Test
  void ordersArePlacedAlthoughAnotherInstanceTakesThemForOld() {
    Instant now = now();
    try {
      evict(declined());
      redis.await(redis.commands().set(Redis.bytes(Keys.BOUNDARY), millis(now.plus(AFTER))));

      String key = UUID.randomUUID().toString();
      var response = customer.place(key, body(SKU, 1));
      assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
      String id = json(response).get("id").asString();
      steps.awaitStatus(id, "PLACED");
      assertThat(customer.place(key, body(SKU, 1)).body()).isEqualTo(response.body());
      await()
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(customer.ids("/orders?limit=1")).hasSize(4).contains(id));
      assertThat(unsettled(id)).isTrue();
      steps.decline(id);
      String shown = customer.get("/orders/" + id).body();
      await()
          .atMost(TIMEOUT)
          .until(() -> {
            evictor(now.plus(AFTER)).evict();
            return !isHere(id);
          });

      assertThat(customer.get("/orders/" + id).body()).isEqualTo(shown);
      assertThat(customer.place(key, body(SKU, 1)).body()).isEqualTo(response.body());
      assertThat(customer.ids("/orders?limit=1")).hasSize(4).contains(id);
    } finally {
      // Later than every order that has left.
      redis.await(redis.commands().set(Redis.bytes(Keys.BOUNDARY), millis(now().plusMillis(1))));
    }
  }

  /** Places orders a millisecond before a time, at it, and a millisecond after it. */
  private Orders place(Instant time) {
    return new Orders(placeAt(time.minusMillis(1)), placeAt(time), placeAt(time.plusMillis(1)));
  }

  private Placed placeAt(Instant time) {
    String key = UUID.randomUUID().toString();
    var request = Json.MAPPER.readValue(body(SKU, 1), OrderRequest.class);
    var response =
        PlacementAccess.withClock(beans, Clock.fixed(time, ZoneOffset.UTC))
            .place(customer.customer(), new IdempotencyKey(key), request);
    return new Placed(key, response.id().toString(), time, new String(response.body(), UTF_8));
  }

  private Orders declined() {
    var orders = place(now());
    orders.all().forEach(order -> steps.decline(order.id()));
    return orders;
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Lets the first of the orders leave Redis, by the clock of another instance. */
  private void evict(Orders orders) {
    await()
        .atMost(TIMEOUT)
        .until(() -> {
          evictor(orders.boundary()).evict();
          return !isHere(orders.before().id());
        });
    assertThat(boundary()).isEqualTo(orders.boundary());
    assertOnlyTheFirstHasLeft(orders);
  }

  /** An instance by whose clock orders leave Redis that were placed before a time. */
  private OrderEviction evictor(Instant boundary) {
    return new OrderEviction(
        evictions,
        archive,
        epoch,
        new EvictionSettings(AFTER, Duration.ofSeconds(1)),
        Clock.fixed(boundary.plus(AFTER), ZoneOffset.UTC));
  }

  private void assertOnlyTheFirstHasLeft(Orders orders) {
    assertThat(orders.all().stream().map(order -> isHere(order.id())))
        .containsExactly(false, true, true);
  }

  private boolean isHere(String id) {
    return evictions.holdings(List.of(OrderId.parse(id))).held().containsKey(OrderId.parse(id));
  }

  private Instant boundary() {
    byte[] millis = redis.await(redis.commands().get(Redis.bytes(Keys.BOUNDARY)));
    return Instant.ofEpochMilli(Long.parseLong(new String(millis, UTF_8)));
  }

  private static byte[] millis(Instant time) {
    return Redis.bytes(Long.toString(time.toEpochMilli()));
  }

  /** Those of the orders that are listed as unsettled. */
  private List<String> unsettled(Orders orders) {
    return unsettled.waitingBefore(Instant.now().plusSeconds(60), 0, 10_000).stream()
        .map(order -> order.id().toString())
        .filter(id -> orders.newestFirst().contains(id))
        .toList();
  }

  private boolean unsettled(String id) {
    return unsettled.waitingBefore(Instant.now().plusSeconds(60), 0, 10_000).stream()
        .anyMatch(order -> order.id().toString().equals(id));
  }

  private long left() {
    return json(customer.get("/products/" + SKU)).path("left").asLong();
  }
}

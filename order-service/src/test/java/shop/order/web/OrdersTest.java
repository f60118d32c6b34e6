package shop.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.order.TestOrders.body;
import static shop.order.TestOrders.json;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.json.Json;
import shop.common.testkit.Contracts;
import shop.order.Deadline;
import shop.order.IdempotencyKey;
import shop.order.OrderId;
import shop.order.OrderServiceTest;
import shop.order.PaymentFact;
import shop.order.PaymentFacts;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;
import shop.order.TestOrders;
import shop.order.commands.CommandLog;

@OrderServiceTest
class OrdersTest {

  @LocalServerPort int port;
  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  @Autowired CommandLog commands;
  TestOrders customer;

  @BeforeEach
  void awaitCatalog() {
    customer = new TestOrders(port);
    await().untilAsserted(() -> assertThat(left("MUG-WHITE")).isPositive());
  }

  @Test
  void anOrderIsPricedFromTheCatalogAndShown() {
    var response = customer.place(UUID.randomUUID().toString(), body("MUG-WHITE", 2));

    assertThat(response.statusCode()).isEqualTo(201);
    var order = json(response);
    assertThat(response.headers().firstValue("Location"))
        .contains("/orders/" + order.get("id").asString());
    assertThat(response.headers().firstValue("ETag")).contains("\"0\"");
    assertThat(order.get("total").toString()).isEqualTo("{\"amount\":2580,\"currency\":\"EUR\"}");
    assertThat(order.get("status").asString()).isEqualTo("PLACED");
    assertThat(order.has("customerId")).isFalse();
    await()
        .untilAsserted(() ->
            assertThat(customer.order(order.get("id").asString()).get("version").asInt())
                .isEqualTo(1));
  }

  @Test
  void theSameKeyGetsTheSameResponseByteForByte() {
    String key = UUID.randomUUID().toString();
    var first = customer.place(key, body("MUG-WHITE", 1));

    var again = customer.place("\"" + key + "\"", body("MUG-WHITE", 1));

    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
    assertThat(again.headers().firstValue("Location"))
        .isEqualTo(first.headers().firstValue("Location"));
  }

  @Test
  void theSameKeyWithAnotherBodyIsRefused() {
    String key = UUID.randomUUID().toString();
    customer.place(key, body("MUG-WHITE", 1));

    var other = customer.place(key, body("MUG-WHITE", 2));

    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(json(other).get("type").asString()).isEqualTo("/problems/idempotency-key-reused");
  }

  @Test
  void twoCustomersMayUseTheSameKey() {
    String key = UUID.randomUUID().toString();
    var mine = customer.place(key, body("MUG-WHITE", 1));

    var theirs = new TestOrders(port).place(key, body("MUG-BLUE", 1));

    assertThat(theirs.statusCode()).isEqualTo(201);
    assertThat(json(theirs).get("id")).isNotEqualTo(json(mine).get("id"));
  }

  @Test
  void aCapturedPaymentConfirmsTheOrder() {
    String id = customer.placed("MUG-WHITE", 1);

    pay(id, PaymentFact.Captured.TYPE, Map.of("paymentIntentId", "pi_1"));

    await()
        .untilAsserted(() -> {
          var order = customer.order(id);
          assertThat(order.get("status").asString()).isEqualTo("CONFIRMED");
          assertThat(order.get("version").asInt()).isEqualTo(2);
        });
  }

  @Test
  void aDeclinedPaymentFailsTheOrderAndReleasesItsPieces() {
    long before = left("LAMP-DESK");
    String id = customer.placed("LAMP-DESK", 7);
    assertThat(left("LAMP-DESK")).isEqualTo(before - 7);

    pay(id, PaymentFact.Declined.TYPE, Map.of("reason", "expired_card"));

    await()
        .untilAsserted(() -> {
          var order = customer.order(id);
          assertThat(order.get("status").asString()).isEqualTo("PAYMENT_FAILED");
          assertThat(order.get("reason").asString()).isEqualTo("expired_card");
          assertThat(left("LAMP-DESK")).isEqualTo(before);
        });
  }

  @Test
  void anOrderOfMoreThanIsLeftIsRefusedAndItsKeyStaysUsable() {
    long left = left("MIRROR-ROUND");
    String key = UUID.randomUUID().toString();

    var refused = customer.place(key, body("MIRROR-ROUND", (int) left + 1));

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(json(refused).get("sku").asString()).isEqualTo("MIRROR-ROUND");
    assertThat(json(refused).get("left").asLong()).isEqualTo(left);
    assertThat(customer.place(key, body("MIRROR-ROUND", 1)).statusCode()).isEqualTo(201);
    assertThat(left("MIRROR-ROUND")).isEqualTo(left - 1);
  }

  @Test
  void anotherCustomersOrderIsNotFound() {
    String id = customer.placed("MUG-WHITE", 1);

    var response = new TestOrders(port).get("/orders/" + id);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void pagesContinueWhereTheLastEndedWhileOrdersArrive() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.addFirst(customer.placed("MUG-WHITE", 1));
    }

    var first = json(customer.get("/orders?limit=2"));
    customer.placed("MUG-WHITE", 1);
    var second = json(customer.get("/orders?limit=2&cursor=" + first.get("nextCursor").asString()));
    var third = json(customer.get("/orders?limit=2&cursor=" + second.get("nextCursor").asString()));

    List<String> seen = new ArrayList<>();
    Stream.of(first, second, third)
        .forEach(page -> page.get("items").forEach(order -> seen.add(order.get("id").asString())));
    assertThat(seen).containsExactlyElementsOf(ids);
    assertThat(third.has("nextCursor")).isFalse();
  }

  @Test
  void pagesContinueBetweenOrdersOfTheSameMillisecond() {
    var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    var ids =
        Stream.generate(() -> placedAt(now)).limit(5).sorted(Comparator.reverseOrder()).toList();
    await().until(() -> json(customer.get("/orders")).get("items").size() == ids.size());

    List<String> seen = new ArrayList<>();
    String next = "";
    do {
      var page = json(customer.get("/orders?limit=2" + next));
      page.get("items").forEach(order -> seen.add(order.get("id").asString()));
      next = page.has("nextCursor") ? "&cursor=" + page.get("nextCursor").asString() : null;
    } while (next != null);

    assertThat(seen).containsExactlyElementsOf(ids);
  }

  /** Appends the command to place an order. */
  private String placedAt(Instant created) {
    var sample = Json.read(Contracts.record(PlaceOrder.TYPE).value(), PlaceOrder.class);
    var key = new IdempotencyKey(UUID.randomUUID().toString());
    var id = OrderId.of(customer.customer(), key);
    var order =
        new PlaceOrder(
            customer.customer(),
            key.value(),
            sample.fingerprint(),
            sample.items(),
            sample.total(),
            sample.paymentMethod(),
            sample.shippingAddress(),
            created);
    commands.append(
        id, SerializedOrder.of(order), created, new Deadline(Instant.now().plusSeconds(60)));
    return id.toString();
  }

  @Test
  void listsCanBeFilteredByStatus() {
    String id = customer.placed("MUG-WHITE", 1);
    customer.placed("MUG-WHITE", 1);
    pay(id, PaymentFact.Captured.TYPE, Map.of("paymentIntentId", "pi_1"));
    await()
        .untilAsserted(() ->
            assertThat(json(customer.get("/orders?status=CONFIRMED")).get("items"))
                .hasSize(1)
                .allSatisfy(order -> assertThat(order.get("id").asString()).isEqualTo(id)));

    assertThat(json(customer.get("/orders?status=PLACED")).get("items")).hasSize(1);
    assertThat(customer.get("/orders?status=LOST").statusCode()).isEqualTo(400);
    assertThat(customer.get("/orders?limit=101").statusCode()).isEqualTo(400);
    assertThat(customer.get("/orders?cursor=nonsense").statusCode()).isEqualTo(400);
    for (String time : List.of("from", "to")) {
      assertThat(customer.get("/orders?" + time + "=-999999999-01-01T00:00:00Z").statusCode())
          .isEqualTo(400);
      assertThat(customer.get("/orders?" + time + "=2026-01-01T00:00:00Z").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void aKeyIsRequired() {
    assertThat(customer.placeWithoutKey(body("MUG-WHITE", 1)).statusCode()).isEqualTo(400);
    assertThat(customer.place("short", body("MUG-WHITE", 1)).statusCode()).isEqualTo(400);
  }

  static Stream<Arguments> invalid() {
    String address =
        "\"shippingAddress\":{\"name\":\"A\",\"line1\":\"1\",\"city\":\"B\",\"postalCode\":\"1\",\"country\":\"DE\"}";
    String rest = "\"currency\":\"EUR\",\"paymentMethod\":\"pm_card_visa\"," + address;
    return Stream.of(
        Arguments.of("{\"items\":[]," + rest + "}", "/items"),
        Arguments.of("{\"items\":null," + rest + "}", "/items"),
        Arguments.of("{" + rest + "}", "/items"),
        Arguments.of("{\"items\":[null]," + rest + "}", "/items/0"),
        Arguments.of(
            "{\"items\":[{\"sku\":\"NO-SUCH\",\"quantity\":1}]," + rest + "}", "/items/0/sku"),
        Arguments.of(
            "{\"items\":[{\"sku\":\"MUG-WHITE\",\"quantity\":0}]," + rest + "}",
            "/items/0/quantity"),
        Arguments.of(
            "{\"items\":[{\"sku\":\"MUG-WHITE\",\"quantity\":-1}]," + rest + "}",
            "/items/0/quantity"),
        Arguments.of(
            "{\"items\":[{\"sku\":\"MUG-WHITE\",\"quantity\":99999999999}]," + rest + "}",
            "/items/0/quantity"),
        Arguments.of(
            "{\"items\":[{\"sku\":\"MUG-WHITE\",\"quantity\":1.5}]," + rest + "}",
            "/items/0/quantity"),
        Arguments.of(
            "{\"items\":[{\"sku\":\"MUG-WHITE\",\"quantity\":1.0}]," + rest + "}",
            "/items/0/quantity"),
        Arguments.of(
            body("MUG-WHITE", 1).replace("1 Street", "1 Street\\nTo: x"), "/shippingAddress/line1"),
        Arguments.of(
            body("MUG-WHITE", 1).replace("Ada", "\\u200b\\u3164"), "/shippingAddress/name"),
        Arguments.of(
            "{\"items\":[{\"sku\":\"MUG-WHITE\",\"quantity\":\"two\"}]," + rest + "}",
            "/items/0/quantity"),
        Arguments.of("{\"items\":[{\"sku\":\"MUG-WHITE\"}]," + rest + "}", "/items/0/quantity"),
        Arguments.of(
            "{\"items\":[{\"sku\":\"MUG-WHITE\",\"quantity\":1,\"unitPrice\":1}]," + rest + "}",
            "/items/0/unitPrice"),
        Arguments.of(
            "{\"items\":[{\"sku\":\"MUG-WHITE\",\"quantity\":1},{\"sku\":\"MUG-WHITE\",\"quantity\":1}],"
                + rest
                + "}",
            "/items/1/sku"),
        Arguments.of(
            "{\"total\":1,\"items\":[{\"sku\":\"MUG-WHITE\",\"quantity\":1}]," + rest + "}",
            "/total"),
        Arguments.of(body("MAP-ALPS", 1).replace("EUR", "USD"), "/currency"),
        Arguments.of(body("MUG-WHITE", 1).replace("EUR", "eur"), "/currency"),
        Arguments.of(
            body("MUG-WHITE", 1).replace("\"DE\"", "\"Germany\""), "/shippingAddress/country"),
        Arguments.of(body("MUG-WHITE", 1).replace("pm_card_visa", "4242 4242"), "/paymentMethod"));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void invalidValuesAreNamedByAPointer(String body, String pointer) {
    var response = customer.place(UUID.randomUUID().toString(), body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
    assertThat(json(response).get("errors").get(0).get("pointer").asString()).isEqualTo(pointer);
    assertThat(json(response).get("traceId").asString()).hasSize(32);
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void invalidJsonIsMalformed(String body) {
    var response = customer.place(UUID.randomUUID().toString(), body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(json(response).get("type").asString()).isEqualTo("/problems/malformed-request");
  }

  static Stream<String> malformed() {
    return Stream.of("", "{", "null", "[]", "\"text\"", "{\"items\":[}", "[".repeat(2000));
  }

  private long left(String sku) {
    return json(customer.get("/products/" + sku)).path("left").asLong();
  }

  private void pay(String orderId, String type, Map<String, String> data) {
    PaymentFacts.publish(kafka, customer, orderId, type, data);
  }
}

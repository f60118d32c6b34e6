package shop.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.order.TestOrders.json;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.kafka.core.KafkaTemplate;
import shop.order.OrderServiceTest;
import shop.order.PaymentFacts;
import shop.order.TestOrders;

/** Commands to orders that were placed; the test stands in for payment-service. */
@OrderServiceTest
class CommandsTest {

  private static final String SHIPMENT = "{\"carrier\":\"Post\",\"trackingNumber\":\"X1\"}";

  @LocalServerPort int port;
  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  TestOrders customer;
  TestOrders admin;

  @BeforeEach
  void start() {
    customer = new TestOrders(port);
    admin = TestOrders.admin(port);
  }

  @Test
  void cancellingAnUnpaidOrderReleasesItsPieces() {
    long before = left("CLOCK-WALL");
    String id = customer.placed("CLOCK-WALL", 3);

    var answer = customer.post("/orders/" + id + "/cancel", key(), "{\"reason\":\"a mistake\"}");
    fact(id, "shop.payment.voided.v1", Map.of());

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer).get("type").asString()).isEqualTo("shop.order.cancel-requested.v1");
    assertThat(json(answer).get("status").asString()).isEqualTo("CANCELLING");
    awaitStatus(id, "CANCELLED");
    assertThat(customer.order(id).get("reason").asString()).isEqualTo("a mistake");
    assertThat(left("CLOCK-WALL")).isEqualTo(before);
  }

  @Test
  void cancellingTwiceIsOneCancellationWithTheSameResponse() {
    String id = customer.placed("MUG-WHITE", 1);

    var first = customer.post("/orders/" + id + "/cancel", key(), "{}");
    await().until(() -> customer.order(id).get("version").asInt() == 2);
    var second = customer.post("/orders/" + id + "/cancel", key(), "{}");

    assertThat(second.statusCode()).isEqualTo(202);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers().firstValue("Idempotent-Replayed")).contains("true");
  }

  @Test
  void aShippedOrderCannotBeCancelledAndItsPiecesStaySold() {
    long before = left("CLOCK-WALL");
    String id = confirmed("CLOCK-WALL", 2);

    assertThat(admin.post("/orders/" + id + "/shipments", key(), SHIPMENT).statusCode())
        .isEqualTo(201);
    var refused = customer.post("/orders/" + id + "/cancel", key(), "{}");

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(json(refused).get("type").asString()).isEqualTo("/problems/already-shipped");
    awaitStatus(id, "SHIPPED");
    assertThat(customer.order(id).get("shipment").get("trackingNumber").asString()).isEqualTo("X1");
    assertThat(left("CLOCK-WALL")).isEqualTo(before - 2);
    assertThat(admin.post("/orders/" + id + "/deliveries", key(), "{}").statusCode())
        .isEqualTo(201);
    awaitStatus(id, "DELIVERED");
  }

  @Test
  void differentRequestsWithOneKeyEachGetTheirOwnResult() throws Exception {
    String id = confirmed("MUG-WHITE", 1);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 10; round++) {
        String key = key();
        List<Callable<HttpResponse<String>>> calls =
            IntStream.of(10, 5000, 10, 5000, 10)
                .<Callable<HttpResponse<String>>>mapToObj(
                    sum -> () -> admin.post("/orders/" + id + "/refunds", key, refund(sum)))
                .toList();
        var answers = threads.invokeAll(calls);
        for (int i = 0; i < answers.size(); i++) {
          var answer = answers.get(i).get();
          if (i % 2 == 0) {
            awaitAccepted(answer, id, key);
          } else {
            assertThat(answer.statusCode()).isIn(409, 422, 503);
          }
        }
      }
    }
    assertThat(refundsOf(id)).isEqualTo(10);
  }

  /** The event may not be visible yet, but the refund is never rejected. */
  private void awaitAccepted(HttpResponse<String> answer, String id, String key) {
    assertThat(answer.statusCode()).isIn(201, 503);
    await()
        .until(() -> admin.post("/orders/" + id + "/refunds", key, refund(10)).statusCode() == 201);
  }

  private long refundsOf(String id) {
    return json(customer.get("/orders/" + id + "/events"))
        .get("items")
        .valueStream()
        .filter(event -> event.get("type").asString().equals("shop.order.refund-requested.v1"))
        .count();
  }

  @Test
  void concurrentRefundsNeverExceedTheAmountPaid() throws Exception {
    String id = confirmed("MUG-WHITE", 1);
    String third = "{\"reason\":\"a third\",\"amount\":{\"amount\":430,\"currency\":\"EUR\"}}";

    List<Integer> statuses = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> calls =
          IntStream.range(0, 8)
              .<Callable<Integer>>mapToObj(
                  _ -> () -> admin.post("/orders/" + id + "/refunds", key(), third).statusCode())
              .toList();
      for (var call : threads.invokeAll(calls)) {
        statuses.add(call.get());
      }
    }

    assertThat(statuses).filteredOn(s -> s == 201).hasSize(3);
    assertThat(statuses).filteredOn(s -> s == 409).hasSize(5);
  }

  @Test
  void partialRefundsAddUpToARefundedOrder() {
    long before = left("LAMP-DESK");
    String id = confirmed("LAMP-DESK", 1);
    long total = customer.order(id).get("total").get("amount").asLong();

    var part = admin.post("/orders/" + id + "/refunds", key(), refund(100));
    refunded(id, part, 100);
    await().until(() -> customer.order(id).path("refunded").path("amount").asLong() == 100);
    assertThat(customer.order(id).get("status").asString()).isEqualTo("CONFIRMED");
    var rest = admin.post("/orders/" + id + "/refunds", key(), "{\"reason\":\"the rest\"}");
    refunded(id, rest, total - 100);

    awaitStatus(id, "REFUNDED");
    assertThat(customer.order(id).get("refunded").get("amount").asLong()).isEqualTo(total);
    assertThat(left("LAMP-DESK")).isEqualTo(before);
  }

  private static void refusedAsOtherRequest(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
    assertThat(json(response).get("type").asString()).isEqualTo("/problems/idempotency-key-reused");
  }

  @Test
  void cancellingAgainForAnotherReasonIsRefused() {
    String id = confirmed("MUG-WHITE", 1);
    customer.post("/orders/" + id + "/cancel", key(), "{\"reason\":\"a mistake\"}");

    refusedAsOtherRequest(
        customer.post("/orders/" + id + "/cancel", key(), "{\"reason\":\"too late\"}"));
  }

  @Test
  void aKeyIdentifiesOneRefund() {
    String id = confirmed("MUG-WHITE", 1);
    String key = key();

    var first = admin.post("/orders/" + id + "/refunds", key, refund(100));
    await().until(() -> customer.order(id).get("version").asInt() == 3);
    var again = admin.post("/orders/" + id + "/refunds", key, refund(100));
    var others =
        List.of(
            admin.post("/orders/" + id + "/refunds", key, refund(101)),
            admin.post("/orders/" + id + "/refunds", key, "{\"reason\":\"a part\"}"),
            admin.post("/orders/" + id + "/refunds", key, refund(100).replace("a part", "broken")));

    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(others).allSatisfy(CommandsTest::refusedAsOtherRequest);
  }

  @Test
  void invalidValuesAreNamedByAPointer() {
    String id = confirmed("MUG-WHITE", 1);
    Map<String, String> pointers =
        Map.of(
            "{\"reason\":\"x\",\"amount\":{\"amount\":1,\"currency\":\"USD\"}}", "/amount/currency",
            "{\"reason\":\"x\",\"amount\":{\"amount\":0,\"currency\":\"EUR\"}}", "/amount/amount",
            "{\"reason\":\"x\",\"amount\":{\"amount\":-1,\"currency\":\"EUR\"}}", "/amount/amount",
            "{\"amount\":{\"amount\":1,\"currency\":\"EUR\"}}", "/reason",
            "{\"reason\":\"x\",\"status\":\"REFUNDED\"}", "/status");

    pointers.forEach((body, pointer) -> {
      var refused = admin.post("/orders/" + id + "/refunds", key(), body);
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
      assertThat(json(refused).get("errors").get(0).get("pointer").asString()).isEqualTo(pointer);
    });
  }

  @Test
  void onlyAdminsRefundShipAndDeliverAndNoCustomerCancelsAnothersOrder() {
    String id = confirmed("MUG-WHITE", 1);
    var stranger = new TestOrders(port);

    for (var what : List.of("refunds", "shipments", "deliveries")) {
      assertThat(customer.post("/orders/" + id + "/" + what, key(), "{}").statusCode())
          .isEqualTo(403);
    }
    assertThat(stranger.post("/orders/" + id + "/cancel", key(), "{}").statusCode()).isEqualTo(404);
    assertThat(admin.post("/orders/" + UUID.randomUUID() + "/cancel", key(), "{}").statusCode())
        .isEqualTo(404);
  }

  @Test
  void anAdminListsEveryonesOrdersByCustomerStatusAndTime() {
    String id = customer.placed("MUG-WHITE", 1);
    var created = Instant.parse(customer.order(id).get("createdAt").asString());
    String own = "customer=" + customer.customer();

    var all = json(admin.get("/orders?limit=5")).get("items");
    var byCustomer = json(admin.get("/orders?" + own)).get("items");

    assertThat(all).isNotEmpty();
    assertThat(byCustomer).hasSize(1);
    assertThat(byCustomer.get(0).get("customerId").asString())
        .isEqualTo(customer.customer().toString());
    assertThat(json(admin.get("/orders?" + own + "&from=" + created)).get("items")).hasSize(1);
    assertThat(json(admin.get("/orders?" + own + "&to=" + created)).get("items")).isEmpty();
    assertThat(json(admin.get("/orders?" + own + "&status=SHIPPED")).get("items")).isEmpty();
    assertThat(new TestOrders(port).get("/orders?" + own).statusCode()).isEqualTo(403);
    assertThat(admin.get("/orders?from=%2B1000000000-12-31T23:59:59Z").statusCode()).isEqualTo(400);
    assertThat(admin.get("/orders?to=-1000000000-01-01T00:00:00Z").statusCode()).isEqualTo(400);
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }

  private static String refund(long amount) {
    return "{\"reason\":\"a part\",\"amount\":{\"amount\":%d,\"currency\":\"EUR\"}}"
        .formatted(amount);
  }

  private void refunded(String id, HttpResponse<String> requested, long amount) {
    assertThat(requested.statusCode()).as(requested.body()).isEqualTo(201);
    fact(
        id,
        "shop.payment.refunded.v1",
        Map.of(
            "refundId",
            json(requested).get("details").get("refundId").asString(),
            "amount",
            Map.of("amount", amount, "currency", "EUR")));
  }

  private String confirmed(String sku, int quantity) {
    String id = customer.placed(sku, quantity);
    fact(id, "shop.payment.captured.v1", Map.of("paymentIntentId", "pi_" + id));
    awaitStatus(id, "CONFIRMED");
    return id;
  }

  private void awaitStatus(String id, String status) {
    await()
        .untilAsserted(
            () -> assertThat(customer.order(id).get("status").asString()).isEqualTo(status));
  }

  private long left(String sku) {
    return json(customer.get("/products/" + sku)).path("left").asLong();
  }

  private void fact(String orderId, String type, Map<String, ?> data) {
    PaymentFacts.publish(kafka, customer, orderId, type, data);
  }
}

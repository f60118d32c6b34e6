package shop.order.eviction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.order.TestOrders.body;
import static shop.order.TestOrders.json;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.context.TestPropertySource;
import shop.order.OrderId;
import shop.order.OrderServiceTest;
import shop.order.PaymentFact;
import shop.order.PaymentFacts;
import shop.order.TestOrders;
import shop.order.redis.Keys;
import shop.order.redis.Redis;
import shop.order.store.Evictions;

/** Idempotency keys of orders of which Redis has neither the order nor the response any more. */
@OrderServiceTest
@TestPropertySource(properties = {"shop.eviction.after=2s", "shop.eviction.every=100ms"})
class OldKeysTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String SKU = "LAMP-DESK";

  @LocalServerPort int port;
  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  @Autowired Evictions evictions;
  @Autowired Redis redis;
  TestOrders customer;

  @BeforeEach
  void awaitCatalog() {
    customer = new TestOrders(port);
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(left()).isPositive());
  }

  @Test
  void aRepeatedRequestGetsTheSameResponseAndChangesNothing() {
    var old = placedAndLeft(1);
    long left = left();

    var repeated = customer.place(old.key(), body(SKU, 1));

    assertThat(repeated.statusCode()).isEqualTo(201);
    assertThat(repeated.body()).isEqualTo(old.response());
    assertThat(repeated.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(left()).isEqualTo(left);
    assertUnchanged(old);
  }

  @Test
  void anotherRequestWithTheKeyIsRejected() {
    var old = placedAndLeft(1);
    long left = left();

    var other = customer.place(old.key(), body(SKU, 2));

    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(json(other).get("type").asString()).isEqualTo("/problems/idempotency-key-reused");
    assertThat(left()).isEqualTo(left);
    assertUnchanged(old);
  }

  @Test
  void aRepeatedRequestIsAnsweredAlsoWhenItsProductIsSoldOut() {
    var old = placedAndLeft(2);
    int left = (int) left();
    var buyer = new TestOrders(port);
    String all = buyer.placed(SKU, left);
    try {
      var repeated = customer.place(old.key(), body(SKU, 2));

      assertThat(repeated.statusCode()).isEqualTo(201);
      assertThat(repeated.body()).isEqualTo(old.response());
      assertThat(customer.place(UUID.randomUUID().toString(), body(SKU, 2)).statusCode())
          .isEqualTo(409);
    } finally {
      decline(buyer, all);
    }
  }

  @Test
  void whilePostgresqlIsUnavailableTheProcessorDecides() {
    var old = placedAndLeft(1);
    long left = left();

    whilePostgresqlIsNotBelieved(() -> {
      String key = UUID.randomUUID().toString();
      var placed = customer.place(key, body(SKU, 1));
      assertThat(placed.statusCode()).as(placed.body()).isEqualTo(201);
      assertThat(customer.place(key, body(SKU, 1)).body()).isEqualTo(placed.body());
      assertThat(left()).isEqualTo(left - 1);

      assertThat(customer.place(old.key(), body(SKU, 1)).statusCode()).isEqualTo(503);
      assertThat(customer.place(old.key(), body(SKU, 2)).statusCode()).isEqualTo(422);
      assertThat(left()).isEqualTo(left - 1);
      assertThat(customer.place(UUID.randomUUID().toString(), body(SKU, 999)).statusCode())
          .isEqualTo(503);
    });

    assertThat(customer.place(old.key(), body(SKU, 1)).body()).isEqualTo(old.response());
    assertUnchanged(old);
  }

  /** An order that has left Redis together with its response. */
  private record OldOrder(String key, String id, String response) {}

  private OldOrder placedAndLeft(int quantity) {
    String key = UUID.randomUUID().toString();
    var response = customer.place(key, body(SKU, quantity));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    String id = json(response).get("id").asString();
    decline(customer, id);
    await().atMost(TIMEOUT).until(() -> !isHere(id));
    var _ = redis.await(redis.commands().del(Redis.bytes(Keys.idempotency(OrderId.parse(id)))));
    return new OldOrder(key, id, response.body());
  }

  private void decline(TestOrders owner, String id) {
    PaymentFacts.publish(
        kafka, owner, id, PaymentFact.Declined.TYPE, Map.of("reason", "expired_card"));
    await()
        .atMost(TIMEOUT)
        .until(() -> owner.order(id).path("status").asString().equals("PAYMENT_FAILED"));
  }

  private void assertUnchanged(OldOrder old) {
    assertThat(isHere(old.id())).isFalse();
    HttpResponse<String> events = customer.get("/orders/" + old.id() + "/events");
    assertThat(json(events).get("items")).hasSize(2);
  }

  private boolean isHere(String id) {
    return evictions.holdings(List.of(OrderId.parse(id))).held().containsKey(OrderId.parse(id));
  }

  private void whilePostgresqlIsNotBelieved(Runnable action) {
    byte[] evicted = Redis.bytes(Keys.EVICTED);
    byte[] position = Redis.bytes("orders:0");
    byte[] before = redis.await(redis.commands().hget(evicted, position));
    var _ = redis.await(redis.commands().hset(evicted, position, Redis.bytes("999999999")));
    try {
      action.run();
    } finally {
      var _ = redis.await(redis.commands().hset(evicted, position, before));
    }
  }

  private long left() {
    return json(customer.get("/products/" + SKU)).path("left").asLong();
  }
}

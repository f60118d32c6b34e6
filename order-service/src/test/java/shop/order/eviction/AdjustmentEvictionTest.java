package shop.order.eviction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.order.TestOrders.json;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.context.TestPropertySource;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.order.ConsumerGroups;
import shop.order.OrderServiceTest;
import shop.order.StockAdjusted;
import shop.order.TestOrders;
import shop.order.redis.Keys;
import shop.order.redis.Redis;

/** Adjustments of the stock count once, also when Redis has forgotten their ids. */
@OrderServiceTest
@TestPropertySource(properties = {"shop.eviction.after=2s", "shop.eviction.every=100ms"})
class AdjustmentEvictionTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String SKU = "CLOCK-WALL";

  @LocalServerPort int port;
  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  @Autowired Redis redis;
  TestOrders admin;

  @BeforeEach
  void awaitCatalog() {
    admin = TestOrders.admin(port);
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(left()).isPositive());
  }

  @Test
  void aRepeatedAdjustmentGetsTheSameResponse() {
    String key = UUID.randomUUID().toString();
    assertThat(adjust(key, 7).statusCode()).isEqualTo(201);
    long left = left();
    awaitForgotten();

    var repeated = adjust(key, 7);

    assertThat(repeated.statusCode()).as(repeated.body()).isEqualTo(201);
    assertThat(repeated.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(adjust(key, 8).statusCode()).isEqualTo(422);
    assertThat(left()).isEqualTo(left);
  }

  @Test
  void aRedrivenAdjustmentThatCountedBeforeDoesNotCountAgain() {
    var counted = adjustment(UUID.randomUUID().toString(), 5);
    long before = left();
    kafka.send(counted).join();
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(left()).isEqualTo(before + 5));
    awaitForgotten();

    kafka.send(letter(counted).redriven(1)).join();
    var next = adjustment(UUID.randomUUID().toString(), 3);
    kafka.send(letter(next).redriven(1)).join();

    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(left()).isEqualTo(before + 8));
  }

  private static ProducerRecord<byte[], byte[]> adjustment(String id, long delta) {
    return Envelope.of(StockAdjusted.TYPE, "test", SKU, Instant.now())
        .withId(id)
        .record(Topics.CATALOG.name(), new StockAdjusted(SKU, delta, "counted again"));
  }

  private static DeadLetter letter(ProducerRecord<byte[], byte[]> record) {
    return new DeadLetter(
        "order-service",
        ConsumerGroups.ORDER_VIEW,
        Topics.CATALOG.name(),
        0,
        "unread-" + UUID.randomUUID(),
        Instant.now(),
        Cause.of(new IllegalStateException("The record could not be read"), 1),
        record.key(),
        record.value(),
        record.headers());
  }

  private HttpResponse<String> adjust(String key, long delta) {
    return admin.post(
        "/products/" + SKU + "/stock",
        "{\"delta\":" + delta + ",\"reason\":\"delivery\"}",
        "Idempotency-Key",
        key);
  }

  private void awaitForgotten() {
    byte[] adjustments = Redis.bytes(Keys.adjustments(SKU));
    await().atMost(TIMEOUT).until(() -> redis.await(redis.commands().hlen(adjustments)) == 0);
  }

  private long left() {
    return json(admin.get("/products/" + SKU)).path("left").asLong();
  }
}

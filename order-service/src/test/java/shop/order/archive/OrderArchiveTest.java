package shop.order.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.common.trace.TraceContext;
import shop.order.ConsumerGroups;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.OrderLine;
import shop.order.OrderServiceTest;
import shop.order.PlaceOrder;
import shop.order.ShippingAddress;
import shop.order.TestOrders;

/** What the log has reaches PostgreSQL while the service runs. */
@OrderServiceTest
class OrderArchiveTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @LocalServerPort int port;
  @Autowired JdbcClient jdbc;
  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  TestOrders customer;

  @BeforeEach
  void awaitCatalog() {
    customer = new TestOrders(port);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(() ->
            assertThat(TestOrders.json(customer.get("/products/MUG-BLUE")).path("left").asLong())
                .isPositive());
  }

  @Test
  void orderIsStoredWithItsTimelineAndItsPieces() {
    String id = customer.placed("MUG-BLUE", 2);

    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(version(id)).isEqualTo(1));

    assertThat(
            jdbc.sql("SELECT status || ' ' || skus[1] FROM orders WHERE id = ?::uuid")
                .param(id)
                .query(String.class)
                .single())
        .isEqualTo("PLACED MUG-BLUE");
    assertThat(
            jdbc.sql("SELECT quantity FROM holds WHERE order_id = ?::uuid AND sku = 'MUG-BLUE'")
                .param(id)
                .query(Integer.class)
                .single())
        .isEqualTo(2);
  }

  @Test
  void eventAfterAGapWaitsForTheMissingOneWhichComesRedriven() {
    // given an order whose second event the projection could not read
    var orderId = new OrderId(UUID.randomUUID());
    var at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    var buyer = UUID.randomUUID();
    var price = new Money(100, "EUR");
    kafka.send(event(orderId, 1, new OrderEvent.Placed(order(buyer, price, at)))).join();
    kafka
        .send(
            event(
                orderId,
                3,
                new OrderEvent.Shipped(buyer, price, UUID.randomUUID(), "Post", "X1", at)))
        .join();
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(version(orderId.toString())).isOne());

    // when it is redriven
    var missing = event(orderId, 2, new OrderEvent.Confirmed(buyer, price, "pi_1", at));
    var letter =
        new DeadLetter(
            "order-service",
            ConsumerGroups.ORDER_VIEW,
            Topics.ORDERS.name(),
            0,
            "unread-" + orderId,
            at,
            Cause.of(new IllegalStateException("The record could not be read"), 1),
            missing.key(),
            missing.value(),
            missing.headers());
    kafka.send(letter.redriven(1)).join();

    // then both are stored
    await()
        .atMost(TIMEOUT)
        .untilAsserted(() -> assertThat(version(orderId.toString())).isEqualTo(3));
  }

  private static PlaceOrder order(UUID buyer, Money price, Instant at) {
    return new PlaceOrder(
        buyer,
        "a-key-of-a-stranger",
        "fingerprint",
        List.of(OrderLine.of("MUG-BLUE", "Mug", 1, price)),
        price,
        "pm_card_visa",
        new ShippingAddress("Ada Example", "1 Sample Street", "Berlin", "10115", "DE"),
        at);
  }

  private static ProducerRecord<byte[], byte[]> event(OrderId id, long sequence, OrderEvent event) {
    return new Envelope(
            id + "/" + sequence,
            event.type(),
            "test",
            id.toString(),
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            sequence,
            TraceContext.current())
        .record(Topics.ORDERS.name(), event);
  }

  private long version(String id) {
    return jdbc.sql("SELECT version FROM orders WHERE id = ?::uuid")
        .param(id)
        .query(Long.class)
        .optional()
        .orElse(-1L);
  }
}

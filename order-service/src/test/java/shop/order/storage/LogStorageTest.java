package shop.order.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.util.unit.DataSize;
import shop.order.OrderServiceTest;
import shop.order.TestOrders;

/** The log directories of a real broker, checked with other limits. */
@OrderServiceTest
class LogStorageTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final StorageSettings NO_LIMIT = limits(DataSize.ofBytes(0), DataSize.ofBytes(0));

  @LocalServerPort int port;
  @Autowired LogStorage storage;
  @Autowired LogDirectories directories;
  @Autowired MeterRegistry meters;
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

  @AfterEach
  void raise() {
    storage.check(NO_LIMIT);
  }

  @Test
  void newOrdersAreRefusedAtTheLimitAndEverythingElseGoesOn() {
    // given an order
    String key = UUID.randomUUID().toString();
    String body = TestOrders.body("MUG-BLUE", 1);
    var placed = customer.place(key, body);
    String id = TestOrders.json(placed).get("id").asString();

    // when the log has more than a byte
    storage.check(limits(DataSize.ofBytes(1), DataSize.ofBytes(0)));

    // then
    String refusedKey = UUID.randomUUID().toString();
    var refused = customer.place(refusedKey, body);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).contains("60");
    assertThat(refused.body()).contains("/problems/storage-full").contains("KAFKA_DISK_LIMIT");
    assertThat(meters.get("orders.storage.full").gauge().value()).isOne();

    var repeated = customer.place(key, body);
    assertThat(repeated.statusCode()).isEqualTo(201);
    assertThat(repeated.body()).isEqualTo(placed.body());
    assertThat(customer.get("/orders/" + id).statusCode()).isEqualTo(200);
    assertThat(
            customer
                .post("/orders/" + id + "/cancel", UUID.randomUUID().toString(), "")
                .statusCode())
        .isEqualTo(202);

    // and with a higher limit the same key is accepted
    storage.check(NO_LIMIT);
    assertThat(customer.place(refusedKey, body).statusCode()).isEqualTo(201);
    assertThat(meters.get("orders.storage.full").gauge().value()).isZero();
  }

  @Test
  void newOrdersAreRefusedWhileTheDiskHasLessThanTheFloor() {
    storage.check(limits(DataSize.ofBytes(0), DataSize.ofTerabytes(1_000_000)));

    var refused = customer.place(UUID.randomUUID().toString(), TestOrders.body("MUG-BLUE", 1));

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("/problems/storage-full").contains("adds disk");
  }

  @Test
  void brokersReportTheSizeOfTheirLogAndTheFreeSpaceOfItsVolume() throws Exception {
    assertThat(directories.usage())
        .singleElement()
        .satisfies(broker -> {
          assertThat(broker.size()).isPositive();
          assertThat(broker.free()).isPositive().isLessThan(Long.MAX_VALUE);
        });
    storage.check(NO_LIMIT);
    assertThat(meters.get("orders.storage.size").gauge().value()).isPositive();
    assertThat(meters.get("orders.storage.free").gauge().value()).isPositive();
  }

  private static StorageSettings limits(DataSize limit, DataSize free) {
    return new StorageSettings(limit, free, Duration.ofHours(1));
  }
}

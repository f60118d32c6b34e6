package shop.order.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import shop.local.broker.Broker;
import shop.order.IdempotencyKey;
import shop.order.OrderId;
import shop.order.TestOrders;

/** A broker takes what it is sent and does not answer. */
class SilentBrokersTest {

  private final Rig rig = Rig.shared();
  private final String sku =
      "SILENT-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);

  @Test
  void kafkaIsSilentToAnInstanceThatHasNeverAskedWhereToWrite() {
    rig.log.product(sku, 10);
    var fresh = rig.instance();

    itIsNotKnownWhatBecameOfTheOrderAndTheSameRequestMakesIt(rig.kafka, fresh.port());

    fresh.stop();
  }

  @Test
  void redisIsSilent() {
    rig.log.product(sku, 10);

    itIsNotKnownWhatBecameOfTheOrderAndTheSameRequestMakesIt(rig.redis, rig.one.port());
  }

  private void itIsNotKnownWhatBecameOfTheOrderAndTheSameRequestMakesIt(Broker broker, int port) {
    var customer = new TestOrders(port);
    await()
        .atMost(Scene.PATIENCE)
        .until(() -> customer.get("/products/" + sku).statusCode() == 200);
    String key = UUID.randomUUID().toString();

    HttpResponse<String> told;
    broker.freeze();
    try {
      told = customer.place(key, TestOrders.body(sku, 1));
    } finally {
      broker.thaw();
    }

    assertThat(told.statusCode()).isEqualTo(503);
    assertThat(told.headers().firstValue("Retry-After")).isPresent();
    await()
        .atMost(Scene.PATIENCE)
        .until(() -> customer.place(key, TestOrders.body(sku, 1)).statusCode() == 201);
    var id = OrderId.of(customer.customer(), IdempotencyKey.parse(key)).toString();
    await()
        .atMost(Scene.PATIENCE)
        .untilAsserted(
            () -> assertThat(rig.log.events(id)).containsExactly("shop.order.placed.v1"));
  }
}

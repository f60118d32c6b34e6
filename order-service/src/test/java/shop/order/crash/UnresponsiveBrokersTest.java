package shop.order.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import shop.local.broker.Broker;
import shop.order.IdempotencyKey;
import shop.order.OrderId;
import shop.order.TestOrders;

/** A broker accepts data but does not respond. */
@Tag("slow")
@ResourceLock("cluster")
class UnresponsiveBrokersTest {

  private final TestCluster cluster = TestCluster.shared();
  private final String sku =
      "UNRESPONSIVE-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);

  @Test
  void kafkaDoesNotRespondToAnInstanceWithoutMetadata() {
    cluster.log.product(sku, 10);
    var fresh = cluster.instance();

    assertTheRequestGets503AndItsRepetitionMakesOneOrder(cluster.kafka, fresh.port());

    fresh.stop();
  }

  @Test
  void redisDoesNotRespond() {
    cluster.log.product(sku, 10);

    assertTheRequestGets503AndItsRepetitionMakesOneOrder(cluster.redis, cluster.one.port());
  }

  private void assertTheRequestGets503AndItsRepetitionMakesOneOrder(Broker broker, int port) {
    var customer = new TestOrders(port);
    await()
        .atMost(CrashScenario.TIMEOUT)
        .until(() -> customer.get("/products/" + sku).statusCode() == 200);
    String key = UUID.randomUUID().toString();

    HttpResponse<String> response;
    broker.freeze();
    try {
      response = customer.place(key, TestOrders.body(sku, 1));
    } finally {
      broker.thaw();
    }

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
    await()
        .atMost(CrashScenario.TIMEOUT)
        .until(() -> customer.place(key, TestOrders.body(sku, 1)).statusCode() == 201);
    var id = OrderId.of(customer.customer(), new IdempotencyKey(key)).toString();
    await()
        .atMost(CrashScenario.TIMEOUT)
        .untilAsserted(
            () -> assertThat(cluster.log.events(id)).containsExactly("shop.order.placed.v1"));
  }
}

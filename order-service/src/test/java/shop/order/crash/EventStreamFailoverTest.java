package shop.order.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import shop.order.EventStreamClient;
import shop.order.TestOrders;

/** A client that follows an order continues at another instance when the first one is killed. */
@Tag("slow")
@ResourceLock("cluster")
class EventStreamFailoverTest {

  private final TestCluster cluster = TestCluster.shared();
  private final TestOrders customer = new TestOrders(cluster.one.port());

  @Test
  void aStreamContinuesAtAnotherInstanceAfterTheLastEvent() throws IOException {
    String sku = "FOLLOWED";
    cluster.log.product(sku, 10);
    await()
        .atMost(CrashScenario.TIMEOUT)
        .until(() -> customer.get("/products/" + sku).statusCode() == 200);
    String id = customer.placed(sku, 1);
    try (var first = new EventStreamClient(cluster.two.port(), customer, id, null)) {
      assertThat(first.next()).isEqualTo("id: 1");
      cluster.two.kill();
      cluster.log.captured(id);

      try (var second = new EventStreamClient(cluster.one.port(), customer, id, "1")) {
        assertThat(second.next()).isEqualTo("id: 2");
      }
    } finally {
      cluster.two.start();
    }
  }
}

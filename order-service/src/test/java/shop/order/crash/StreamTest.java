package shop.order.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import shop.order.EventStreamClient;
import shop.order.TestOrders;

/** Whoever follows an order goes on elsewhere when the instance that told it is gone. */
class StreamTest {

  private final Rig rig = Rig.shared();
  private final TestOrders customer = new TestOrders(rig.one.port());

  @Test
  void aStreamGoesOnAtAnotherInstanceBehindTheLastEvent() throws IOException {
    String sku = "FOLLOWED";
    rig.log.product(sku, 10);
    await()
        .atMost(Scene.PATIENCE)
        .until(() -> customer.get("/products/" + sku).statusCode() == 200);
    String id = customer.placed(sku, 1);
    try (var first = new EventStreamClient(rig.two.port(), customer, id, null)) {
      assertThat(first.next()).isEqualTo("id: 1");
      rig.two.kill();
      rig.log.captured(id);

      try (var second = new EventStreamClient(rig.one.port(), customer, id, "1")) {
        assertThat(second.next()).isEqualTo("id: 2");
      }
    } finally {
      rig.two.start();
    }
  }
}

package shop.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import shop.order.EventStreamClient;
import shop.order.OrderServiceTest;
import shop.order.TestOrders;
import shop.order.tracking.LiveTimelines;

/** Streams that beat as rarely as in production, so that thousands are nothing much. */
@OrderServiceTest
@TestPropertySource(properties = "shop.tracking.heartbeat=15s")
class ManyStreamsTest {

  private static final int MANY = 2000;
  private static final int MOST_THREADS_MORE = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @LocalServerPort int port;
  @Autowired LiveTimelines live;

  @Test
  void noneNeedsAThreadOfItsOwn() throws IOException {
    var customer = new TestOrders(port);
    String id = customer.placed("MUG-WHITE", 1);
    int before = ManagementFactory.getThreadMXBean().getThreadCount();
    List<EventStreamClient> streams = new ArrayList<>();
    try {
      for (int i = 0; i < MANY; i++) {
        streams.add(new EventStreamClient(port, customer, id, null));
      }
      for (var stream : streams) {
        assertThat(stream.status()).isEqualTo("HTTP/1.1 200 ");
        assertThat(stream.next()).isEqualTo("id: 1");
      }
      assertThat(live.count()).isEqualTo(MANY);
      assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
          .isLessThan(before + MOST_THREADS_MORE);

      assertThat(customer.post("/orders/" + id + "/cancel", "{}").statusCode()).isEqualTo(202);
      for (var stream : streams) {
        assertThat(stream.next()).isEqualTo("id: 2");
      }
    } finally {
      for (var stream : streams) {
        stream.close();
      }
    }
    await().atMost(PATIENCE).until(() -> live.count() == 0);
  }
}

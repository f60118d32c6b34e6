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

/** Thousands of streams, with the heartbeat interval of production. */
@OrderServiceTest
@TestPropertySource(
    properties = {"shop.tracking.heartbeat=15s", "shop.tracking.max-streams-per-customer=2000"})
class ManyStreamsTest {

  private static final int STREAMS = 2000;
  private static final int MAX_ADDITIONAL_THREADS = 50;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @LocalServerPort int port;
  @Autowired LiveTimelines live;

  @Test
  void streamsNeedNoThreadOfTheirOwn() throws IOException {
    var customer = new TestOrders(port);
    String id = customer.placed("MUG-WHITE", 1);
    int before = ManagementFactory.getThreadMXBean().getThreadCount();
    List<EventStreamClient> streams = new ArrayList<>();
    try {
      for (int i = 0; i < STREAMS; i++) {
        streams.add(new EventStreamClient(port, customer, id, null));
      }
      for (var stream : streams) {
        assertThat(stream.status()).isEqualTo("HTTP/1.1 200 ");
        assertThat(stream.next()).isEqualTo("id: 1");
      }
      assertThat(live.count()).isEqualTo(STREAMS);
      assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
          .isLessThan(before + MAX_ADDITIONAL_THREADS);

      assertThat(customer.post("/orders/" + id + "/cancel", "{}").statusCode()).isEqualTo(202);
      for (var stream : streams) {
        assertThat(stream.next()).isEqualTo("id: 2");
      }
    } finally {
      for (var stream : streams) {
        stream.close();
      }
    }
    await().atMost(TIMEOUT).until(() -> live.count() == 0);
  }
}

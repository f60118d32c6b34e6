package shop.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.test.util.ReflectionTestUtils;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

/** Pools of connections to addresses that are gone. */
class UpstreamPoolsTest {

  @Test
  void poolWithoutConnectionsIsRemovedAfterATime() {
    // given a pool whose connection has been idle for long
    var pools =
        UpstreamPools.removingUnused(
            ConnectionProvider.builder("test")
                .maxConnections(7)
                .maxIdleTime(Duration.ofMillis(50))
                .evictInBackground(Duration.ofMillis(50))
                .build(),
            Duration.ofMillis(100),
            Duration.ofSeconds(1));
    var server =
        HttpServer.create().host("127.0.0.1").handle((_, response) -> response.send()).bindNow();
    try {
      HttpClient.create(pools)
          .get()
          .uri("http://127.0.0.1:" + server.port())
          .response()
          .block(Duration.ofSeconds(10));
      assertThat(addresses(pools)).hasSize(1);
      assertThat(pools.maxConnections()).isEqualTo(7);

      await().untilAsserted(() -> assertThat(addresses(pools)).isEmpty());
    } finally {
      server.disposeNow();
      pools.dispose();
    }
  }

  private static Map<?, ?> addresses(ConnectionProvider pools) {
    return (Map<?, ?>) ReflectionTestUtils.getField(pools, "channelPools");
  }
}

package shop.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import shop.balancing.Instance;
import shop.gateway.breaker.BreakerSettings;
import shop.gateway.concurrency.ConcurrencySettings;
import shop.gateway.routing.UpstreamCall.ResponseKind;

/** The responses of a service's instances, as they come and go. */
class InstanceResponsesTest {

  private static final Instance A = Instance.of("stock@a", URI.create("http://10.0.0.1:8080"));
  private static final Instance B = Instance.of("stock@b", URI.create("http://10.0.0.2:8080"));
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final Upstream stock =
      new Upstream(
          "stock",
          new UpstreamSettings(
              List.of(),
              "p2c",
              "session",
              3,
              20,
              50,
              new UpstreamSettings.Checks(SECOND, SECOND, 2, 3),
              new UpstreamSettings.Ejection(5, SECOND, SECOND, 10),
              new BreakerSettings(50, 20, SECOND, SECOND, 5),
              new ConcurrencySettings(true, 100, 1000, SECOND),
              SECOND),
          Flux::never,
          metrics,
          null);

  @Test
  void responsesAreCountedByInstanceAndOutcome() {
    stock.onDiscovered(List.of(A, B));
    long now = Upstream.TICKER.getAsLong();

    stock.count(A, ResponseKind.SUCCESS, TimeUnit.MILLISECONDS.toNanos(20), now);
    stock.count(A, ResponseKind.FAILURE, TimeUnit.MILLISECONDS.toNanos(20), now);

    assertThat(count("stock@a", "success")).isEqualTo(1);
    assertThat(count("stock@a", "failure")).isEqualTo(1);
    assertThat(count("stock@b", "success")).isZero();
    var lastMinute = stock.status().lastMinute().get("stock@a");
    assertThat(lastMinute.errors()).isEqualTo(0.5);
    assertThat(lastMinute.median()).isBetween(Duration.ofMillis(20), Duration.ofMillis(25));
  }

  @Test
  void metricsOfInstancesThatAreGoneAreRemoved() {
    stock.onDiscovered(List.of(A, B));

    stock.onDiscovered(List.of(B));
    stock.count(A, ResponseKind.SUCCESS, 1, Upstream.TICKER.getAsLong());

    assertThat(metrics.getMeters())
        .extracting(InstanceResponsesTest::instance)
        .containsOnly("stock@b");
    assertThat(stock.status().lastMinute()).containsOnlyKeys("stock@b");
  }

  private long count(String instance, String outcome) {
    return metrics
        .get("gateway.upstream.responses")
        .tags("service", "stock", "upstream", instance, "outcome", outcome)
        .timer()
        .count();
  }

  private static String instance(Meter meter) {
    return meter.getId().getTag("upstream");
  }
}

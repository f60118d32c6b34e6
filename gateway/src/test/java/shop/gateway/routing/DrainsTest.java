package shop.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;
import shop.balancing.Health;
import shop.balancing.Instance;
import shop.balancing.ServiceStatus;
import shop.balancing.ServiceStatus.InstanceStatus;

/** When the event streams of an instance that drains end. */
class DrainsTest {

  private static final Duration DRAIN_TIME = Duration.ofSeconds(30);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final Drains drains =
      new Drains(() -> time.now(TimeUnit.NANOSECONDS), new Random(1), time);
  private final AtomicInteger ended = new AtomicInteger();

  @Test
  void streamsEndAtDifferentTimesUntilTheDeadline() {
    open("a", 20);
    open("b", 5);

    drain("a", DRAIN_TIME);

    var counts = new HashSet<Integer>();
    for (int second = 0; second < 30; second++) {
      counts.add(ended.get());
      time.advanceTimeBy(Duration.ofSeconds(1));
    }
    assertThat(ended).hasValue(20);
    assertThat(counts).hasSizeGreaterThan(10);
  }

  @Test
  void streamThatBeginsWhileItsInstanceDrainsEndsByTheDeadline() {
    drain("a", DRAIN_TIME);
    time.advanceTimeBy(Duration.ofSeconds(29));

    open("a", 5);
    assertThat(ended).hasValue(0);

    time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(ended).hasValue(5);
  }

  @Test
  void repeatedReportsChangeNothing() {
    open("a", 20);
    for (int second = 0; second < 30; second++) {
      drain("a", DRAIN_TIME.minusSeconds(second));
      time.advanceTimeBy(Duration.ofSeconds(1));
    }

    assertThat(ended).hasValue(20);
  }

  @Test
  void streamsStayOpenIfTheDrainEnds() {
    open("a", 20);
    drain("a", DRAIN_TIME);
    time.advanceTimeBy(Duration.ofSeconds(3));
    int before = ended.get();

    drain("a", null);
    time.advanceTimeBy(Duration.ofHours(1));

    assertThat(before).isLessThan(20);
    assertThat(ended).hasValue(before);
  }

  @Test
  void streamOfAnInstanceWithoutAlternativeGoesOnAfterTheDeadline() {
    drain("a", Duration.ZERO);
    time.advanceTimeBy(Duration.ofSeconds(1));
    drain("a", Duration.ZERO);

    open("a", 1);
    drain("a", Duration.ZERO);
    time.advanceTimeBy(Duration.ofHours(1));

    assertThat(ended).hasValue(0);
  }

  @Test
  void drainWithoutTimeEndsStreamsAtOnce() {
    open("a", 20);

    drain("a", Duration.ZERO);
    time.advanceTimeBy(Duration.ZERO);

    assertThat(ended).hasValue(20);
  }

  private void open(String instance, int streams) {
    for (int n = 0; n < streams; n++) {
      drains.endOfStream(instance).subscribe(_ -> {}, _ -> {}, ended::incrementAndGet);
    }
  }

  private void drain(String instance, @Nullable Duration left) {
    var status =
        new InstanceStatus(
            Instance.of(instance, URI.create("http://" + instance + ":80")),
            Health.HEALTHY,
            Duration.ZERO,
            0,
            0,
            Duration.ZERO,
            0,
            null,
            left);
    drains.update(new ServiceStatus(false, List.of(status)), time.now(TimeUnit.NANOSECONDS));
  }
}

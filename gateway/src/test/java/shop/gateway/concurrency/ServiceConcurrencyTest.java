package shop.gateway.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import shop.balancing.Priority;
import shop.common.problem.Problem;
import shop.gateway.concurrency.ServiceConcurrency.Slot;

/** What the ends of requests tell the concurrency limit. */
class ServiceConcurrencyTest {

  private static final int MAX = 40;
  private static final Duration LATENCY = Duration.ofMillis(10);
  private static final MockServerHttpRequest REQUEST = MockServerHttpRequest.get("/any").build();
  private static final Priorities NORMAL = new Priorities(new PrioritySettings(List.of()));

  private final AtomicLong clock = new AtomicLong();
  private final ServiceConcurrency concurrency =
      new ServiceConcurrency("orders", new ConcurrencySettings(true, 1, MAX, LATENCY), clock::get);

  @Test
  void slowResponsesLowerTheLimit() {
    endAll(2000, Slot::responded);

    assertThat(concurrency.status().limit()).isLessThan(MAX);
  }

  @Test
  void slowFailuresAndClientsThatLeaveLowerTheLimit() {
    endAll(2000, Slot::notResponded);

    assertThat(concurrency.status().limit()).isLessThan(MAX);
  }

  @Test
  void fastFailuresAreNoFastResponses() {
    endAll(2000, Slot::responded);
    int lowered = concurrency.status().limit();

    for (int number = 0; number < 1000; number++) {
      var slot = concurrency.acquire(REQUEST, NORMAL);
      pass(1);
      slot.notResponded();
      pass(100);
    }

    assertThat(concurrency.status().limit()).isEqualTo(lowered);
  }

  @Test
  void streamsSayNothing() {
    endAll(2000, Slot::release);

    assertThat(concurrency.status().limit()).isEqualTo(MAX);
  }

  @Test
  void secondEndDoesNothing() {
    var first = concurrency.acquire(REQUEST, NORMAL);
    concurrency.acquire(REQUEST, NORMAL);

    first.responded();
    first.notResponded();
    first.release();

    assertThat(concurrency.status().inFlight()).isEqualTo(1);
  }

  @Test
  void disabledLimitShedsNothing() {
    var disabled =
        new ServiceConcurrency("orders", new ConcurrencySettings(false, 1, 1, LATENCY), clock::get);

    for (int number = 0; number < 100; number++) {
      disabled.acquire(REQUEST, NORMAL);
    }

    assertThat(disabled.status()).isNull();
    assertThat(disabled.shedOf(Priority.NORMAL)).isZero();
  }

  @Test
  void shedRequestsAreCountedByPriority() {
    fill();

    assertThatThrownBy(() -> concurrency.acquire(REQUEST, NORMAL)).isInstanceOf(Problem.class);

    assertThat(concurrency.shedOf(Priority.NORMAL)).isEqualTo(1);
    assertThat(concurrency.shedOf(Priority.HIGH)).isZero();
  }

  @Test
  void invalidSettingsNameTheSetting() {
    assertThatThrownBy(() -> new ConcurrencySettings(true, 100, 50, LATENCY))
        .hasMessage("concurrency-limit.min is 100.0; allowed are 1.0 to 50.0");
  }

  /** As many requests as are admitted end after some time, ten per second. */
  private void endAll(long millis, Consumer<Slot> end) {
    var slots = fill();
    pass(millis);
    slots.forEach(slot -> {
      end.accept(slot);
      pass(100);
    });
  }

  private List<Slot> fill() {
    var slots = new ArrayList<Slot>();
    for (int number = 0; number < (int) (concurrency.status().limit() * 0.8); number++) {
      slots.add(concurrency.acquire(REQUEST, NORMAL));
    }
    return slots;
  }

  private void pass(long millis) {
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}

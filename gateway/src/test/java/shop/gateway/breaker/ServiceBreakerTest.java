package shop.gateway.breaker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import shop.gateway.breaker.ServiceBreaker.Permit;

class ServiceBreakerTest {

  private static final Duration WAIT = Duration.ofSeconds(3);
  private static final int MINIMUM = 4;
  private static final int TRIALS = 3;

  private final AtomicLong now = new AtomicLong();
  private final ServiceBreaker breaker =
      new ServiceBreaker(
          "stock",
          new BreakerSettings(50, MINIMUM, Duration.ofSeconds(10), WAIT, TRIALS),
          now::get);

  @Test
  void opensWhenHalfOfEnoughRequestsFailed() {
    acquire().succeeded();
    acquire().succeeded();
    acquire().failed();
    assertThat(state()).isEqualTo("closed");

    acquire().failed();

    assertThat(state()).isEqualTo("open");
    assertThat(breaker.tryAcquire()).isNull();
    assertThat(breaker.refused()).isEqualTo(1);
  }

  @Test
  void staysClosedWhileTooFewRequestsFail() {
    IntStream.range(1, MINIMUM).forEach(_ -> acquire().failed());

    assertThat(state()).isEqualTo("closed");
  }

  @Test
  void failuresBeforeTheWindowAreForgotten() {
    IntStream.range(1, MINIMUM).forEach(_ -> acquire().failed());
    pass(Duration.ofSeconds(11));

    acquire().failed();

    assertThat(state()).isEqualTo("closed");
  }

  @Test
  void requestsThatSayNothingAreNotCounted() {
    IntStream.range(0, 10 * MINIMUM).forEach(_ -> acquire().release());
    IntStream.range(1, MINIMUM).forEach(_ -> acquire().failed());

    assertThat(state()).isEqualTo("closed");
  }

  @Test
  void refusalSaysWhenToTryAgain() {
    open();
    pass(Duration.ofMillis(900));

    var refusal = breaker.refusal();

    assertThat(refusal.getHeaders().getFirst("Retry-After")).isEqualTo("3");
    assertThat(refusal.getBody().getDetail()).contains("stock");
  }

  @Test
  void halfOpenLetsExactlyTheTrialsThrough() {
    open();
    pass(WAIT.plusMillis(1));

    assertThat(permits(TRIALS + 5)).hasSize(TRIALS);
    assertThat(state()).isEqualTo("half-open");
  }

  @Test
  void trialThatIsCancelledMakesRoomForAnother() {
    open();
    pass(WAIT.plusMillis(1));
    var trials = permits(TRIALS);

    trials.getFirst().release();
    trials.getFirst().release();

    assertThat(permits(TRIALS)).hasSize(1);
  }

  @Test
  void closesWhenTheTrialsSucceed() {
    open();
    pass(WAIT.plusMillis(1));

    permits(TRIALS).forEach(Permit::succeeded);

    assertThat(state()).isEqualTo("closed");
  }

  @Test
  void opensAgainWhenTheTrialsFail() {
    open();
    pass(WAIT.plusMillis(1));

    permits(TRIALS).forEach(Permit::failed);

    assertThat(state()).isEqualTo("open");
    assertThat(breaker.tryAcquire()).isNull();
    pass(WAIT.plusMillis(1));
    assertThat(permits(TRIALS + 1)).hasSize(TRIALS);
  }

  @Test
  void requestsFromBeforeItOpenedAreNoTrials() {
    var late = permits(3 * TRIALS);
    open();
    pass(WAIT.plusMillis(1));
    var trials = permits(TRIALS);

    late.subList(0, TRIALS).forEach(Permit::failed);
    late.subList(TRIALS, 2 * TRIALS).forEach(Permit::succeeded);
    late.subList(2 * TRIALS, 3 * TRIALS).forEach(Permit::release);

    assertThat(state()).isEqualTo("half-open");
    assertThat(breaker.tryAcquire()).isNull();
    trials.forEach(Permit::succeeded);
    assertThat(state()).isEqualTo("closed");
  }

  @Test
  void settingsOutOfRangeAreRefusedByName() {
    assertThatThrownBy(() -> new BreakerSettings(0, 1, WAIT, WAIT, 1))
        .hasMessage("circuit-breaker.failure-rate is 0; allowed are 1 to 100");
    assertThatThrownBy(() -> new BreakerSettings(50, 1, Duration.ofMillis(10), WAIT, 1))
        .hasMessage("circuit-breaker.window is PT0.01S; allowed are 1s to 5m");
  }

  private void open() {
    IntStream.range(0, MINIMUM).forEach(_ -> acquire().failed());
    assertThat(state()).isEqualTo("open");
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private Permit acquire() {
    return requireNonNull(breaker.tryAcquire());
  }

  private List<Permit> permits(int attempts) {
    return Stream.generate(breaker::tryAcquire)
        .limit(attempts)
        .filter(permit -> permit != null)
        .toList();
  }

  private String state() {
    return breaker.status().state();
  }
}

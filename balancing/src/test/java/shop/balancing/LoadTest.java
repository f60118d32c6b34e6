package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadTest {
  private static final long MS = 1_000_000;
  private static final long S = 1000 * MS;

  private final Load load = new Load();

  private void answer(long sentAt, long elapsed) {
    try (Lease lease = load.begin(sentAt)) {
      lease.headersReceived(sentAt + elapsed);
    }
  }

  private void fail(long sentAt, long elapsed) {
    try (Lease lease = load.begin(sentAt)) {
      lease.failed(sentAt + elapsed);
    }
  }

  @Test
  void aHigherResponseTimeCountsAtOnceAndALowerOneSlowly() {
    answer(0, 10 * MS);
    answer(0, 200 * MS);
    assertThat(load.responseTime(200 * MS)).isEqualTo(200.0 * MS);

    answer(200 * MS + S - 10 * MS, 10 * MS);

    double past = Math.exp(-0.1);
    assertThat(load.responseTime(S + 200 * MS))
        .isCloseTo((200 * past + 10 * (1 - past)) * MS, within(1.0));
  }

  @Test
  void costIsTheResponseTimePerCallInFlight() {
    answer(0, 10 * MS);
    assertThat(load.cost(10 * MS)).isEqualTo(10.0 * MS);

    load.begin(10 * MS);
    load.begin(10 * MS);

    assertThat(load.cost(10 * MS)).isEqualTo(30.0 * MS);
  }

  /** A new instance gets one call; then it is expensive until it has answered. */
  @Test
  void aNewInstanceIsProbedOnce() {
    assertThat(load.cost(0)).isZero();

    Lease probe = load.begin(0);
    double probed = load.cost(MS);
    load.begin(MS);

    assertThat(probed).isGreaterThan(60.0 * S);
    assertThat(load.cost(2 * MS)).isGreaterThan(probed);
    probe.headersReceived(5 * MS);
    assertThat(load.cost(5 * MS)).isEqualTo(5.0 * MS * 3);
  }

  @Test
  void aProbeThatIsNotAnsweredIsRepeatedAfterTheDecay() {
    load.begin(0);

    assertThat(load.cost(10 * S)).isPositive();
    assertThat(load.cost(10 * S + 1)).isZero();
  }

  /** finagle#449: one call more has to make a difference to an instance without a response time. */
  @Test
  void costsOfUnknownInstancesAreDifferentNumbers() {
    for (int i = 0; i < 100_000; i++) {
      load.begin(0);
    }
    double before = load.cost(0);
    load.begin(0);

    assertThat(load.cost(0)).isGreaterThan(before);
  }

  /** While idle the estimate falls to no less than a third; then it is forgotten, not zero. */
  @Test
  void anIdleInstanceIsProbedBeforeItIsTrustedAgain() {
    answer(0, 900 * MS);
    assertThat(load.cost(900 * MS + 10 * S)).isCloseTo(900 * MS / Math.E, within(1.0 * MS));

    long later = 60 * S;
    assertThat(load.cost(later)).isZero();
    load.begin(later);
    assertThat(load.cost(later)).isGreaterThan(60.0 * S);
  }

  /** Streams are in flight for hours and must not keep an instance from being probed. */
  @Test
  void anIdleInstanceWithStreamsIsProbed() {
    load.begin(0);
    load.begin(0);

    assertThat(load.cost(60 * S)).isZero();
  }

  @Test
  void aRecoveredInstanceIsTrustedAfterOneAnswer() {
    answer(0, 5 * S);

    answer(60 * S, 10 * MS);

    assertThat(load.responseTime(60 * S + 10 * MS)).isEqualTo(10.0 * MS);
  }

  @Test
  void anInstanceThatFailsFastLooksSlow() {
    answer(0, 10 * MS);
    for (int i = 1; i <= 10; i++) {
      fail(10 * MS * i + 10 * MS, MS);
    }

    assertThat(load.responseTime(111 * MS)).isBetween(90.0 * MS, 130.0 * MS);
  }

  @Test
  void anInstanceThatFailsFromTheBeginningLooksSlow() {
    fail(0, MS);

    assertThat(load.cost(MS)).isEqualTo(10.0 * S);
    assertThat(load.cost(11 * S)).isZero();
  }

  @Test
  void aFailureInAHundredAddsAHundredthOfTheDecay() {
    for (int i = 0; i < 10_000; i++) {
      if (i % 100 == 0) {
        fail(10 * MS * i, 10 * MS);
      } else {
        answer(10 * MS * i, 10 * MS);
      }
    }

    assertThat(load.responseTime(100 * S)).isBetween(90.0 * MS, 130.0 * MS);
  }

  @Test
  void aTimeoutCountsAsLongAsItTook() {
    fail(0, 30 * S);

    assertThat(load.responseTime(30 * S)).isEqualTo(30.0 * S);
  }

  /** Threads report in another order than their clocks; a ticker may overflow. */
  @Test
  void timesOutOfOrderAndOverflowsAreNoError() {
    answer(100 * MS, 10 * MS);
    answer(50 * MS, -60 * MS);
    assertThat(load.responseTime(0)).isEqualTo(10.0 * MS);

    Load late = new Load();
    Lease lease = late.begin(Long.MAX_VALUE - MS);
    lease.headersReceived(Long.MIN_VALUE + MS);
    assertThat(late.responseTime(Long.MIN_VALUE + MS)).isCloseTo(2.0 * MS, within(2.0));
    assertThat(late.cost(Long.MIN_VALUE + 2 * MS)).isPositive();
  }

  @Test
  void aDecayHasToBePositive() {
    assertThatThrownBy(() -> new Load(new LoadGroup(), Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

package shop.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What each algorithm promises, at chosen times. */
class MeterTest {

  private static final long SECOND = 1_000_000;
  private static final long START = 1_700_000_000 * SECOND;

  private Meter.State state = Meter.State.NONE;

  @Example
  void tokenBucketAdmitsItsBurstAtOnceAndThenOneAnInterval() {
    var bucket = new TokenBucket(SECOND, 3);

    assertThat(take(bucket, START)).isEqualTo(new Decision(true, 2, SECOND, 0));
    assertThat(take(bucket, START)).isEqualTo(new Decision(true, 1, 2 * SECOND, 0));
    assertThat(take(bucket, START)).isEqualTo(new Decision(true, 0, 3 * SECOND, 0));
    assertThat(take(bucket, START)).isEqualTo(new Decision(false, 0, 3 * SECOND, SECOND));
    assertThat(take(bucket, START + SECOND - 1).allowed()).isFalse();
    assertThat(take(bucket, START + SECOND).allowed()).isTrue();
    assertThat(take(bucket, START + SECOND).allowed()).isFalse();
    assertThat(take(bucket, START + 60 * SECOND).remaining()).isEqualTo(2);
  }

  @Example
  void leakyBucketSpacesRequestsAndRefusesWhatWouldWaitTooLong() {
    var queue = new LeakyBucket(SECOND, 2);

    assertThat(take(queue, START)).isEqualTo(new Decision(true, 2, SECOND, 0));
    assertThat(take(queue, START)).isEqualTo(new Decision(true, 1, 2 * SECOND, SECOND));
    assertThat(take(queue, START)).isEqualTo(new Decision(true, 0, 3 * SECOND, 2 * SECOND));
    assertThat(take(queue, START)).isEqualTo(new Decision(false, 0, 3 * SECOND, SECOND));
    assertThat(take(queue, START + SECOND))
        .isEqualTo(new Decision(true, 0, 3 * SECOND, 2 * SECOND));
  }

  @Example
  void fixedWindowBeginsWithTheFirstRequest() {
    var window = new FixedWindow(60 * SECOND, 2);

    assertThat(take(window, START)).isEqualTo(new Decision(true, 1, 60 * SECOND, 0));
    assertThat(take(window, START + 59 * SECOND)).isEqualTo(new Decision(true, 0, SECOND, 0));
    assertThat(take(window, START + 59 * SECOND)).isEqualTo(new Decision(false, 0, SECOND, SECOND));
    assertThat(take(window, START + 60 * SECOND)).isEqualTo(new Decision(true, 1, 60 * SECOND, 0));
  }

  /** The state of each is written even if the request is refused, or it would stay ahead. */
  @Property
  void clockThatIsSetBackRefusesNoLongerThanAnInterval(@ForAll("meters") Meter meter) {
    for (int number = 0; number < 1000; number++) {
      take(meter, START);
    }
    long earlier = START - 3600 * SECOND;
    take(meter, earlier);

    var refused = take(meter, earlier);

    assertThat(refused.allowed()).isFalse();
    assertThat(refused.waitMicros()).isLessThanOrEqualTo(longest(meter));
    assertThat(take(meter, earlier + refused.waitMicros()).allowed()).isTrue();
  }

  @Property
  void refusedRequestPassesAfterTheTimeThatItWasTold(
      @ForAll("meters") Meter meter, @ForAll("pauses") List<Long> pauses) {
    long now = START;
    for (long pause : pauses) {
      now += pause;
      var decision = take(meter, now);
      assertThat(decision.remaining()).isNotNegative();
      assertThat(decision.resetMicros()).isNotNegative();
      if (!decision.allowed()) {
        assertThat(decision.waitMicros()).isPositive();
        assertThat(decision.retryAfterSeconds()).isPositive();
        now += decision.waitMicros();
        assertThat(take(meter, now).allowed()).isTrue();
      }
    }
  }

  @Property
  void remainingRequestsPassAtOnceAndNoMore(
      @ForAll("meters") Meter meter, @ForAll("pauses") List<Long> pauses) {
    long now = START;
    for (long pause : pauses) {
      now += pause;
      take(meter, now);
    }
    var decision = take(meter, now);
    for (long left = decision.remaining(); left > 0; left--) {
      assertThat(take(meter, now).allowed()).isTrue();
    }
    assertThat(take(meter, now).allowed()).isFalse();
  }

  @Provide
  static Arbitrary<Meter> meters() {
    return Arbitraries.of(
        new TokenBucket(SECOND, 5),
        new TokenBucket(3, 100),
        new LeakyBucket(SECOND, 3),
        new LeakyBucket(7, 50),
        new FixedWindow(10 * SECOND, 7));
  }

  @Provide
  static Arbitrary<List<Long>> pauses() {
    return Arbitraries.longs().between(0, 2 * SECOND).list().ofMaxSize(40);
  }

  private static long longest(Meter meter) {
    return switch (meter) {
      case TokenBucket bucket -> bucket.interval();
      case LeakyBucket queue -> queue.interval();
      case FixedWindow window -> window.period();
    };
  }

  private Decision take(Meter meter, long now) {
    var step = meter.take(state, now);
    state = step.after();
    return step.decision();
  }
}

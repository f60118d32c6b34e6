package shop.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RecentResponsesTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long begin = -3 * SECOND;
  private final RecentResponses responses = new RecentResponses(begin);

  @Test
  void nothingIsKnownAtFirst() {
    assertThat(responses.summary(begin + SECOND))
        .isEqualTo(new RecentResponses.Summary(0, 0, Duration.ZERO, Duration.ZERO));
  }

  @Test
  void rateErrorsAndPercentilesAreThoseOfTheLastMinute() {
    for (int number = 0; number < 1000; number++) {
      long now = begin + number * SECOND / 100;
      long millis = number % 100 >= 98 ? 200 : 10;
      responses.timed(TimeUnit.MILLISECONDS.toNanos(millis), number % 4 == 0, now);
    }

    var summary = responses.summary(begin + 10 * SECOND);

    assertThat(summary.perSecond()).isCloseTo(100, within(1.0));
    assertThat(summary.errors()).isEqualTo(0.25);
    assertThat(summary.median()).isBetween(Duration.ofMillis(10), Duration.ofMillis(12));
    assertThat(summary.p99()).isBetween(Duration.ofMillis(200), Duration.ofMillis(240));
  }

  @Test
  void eventStreamsAreCountedWithoutATime() {
    responses.untimed(begin);

    var summary = responses.summary(begin + SECOND);

    assertThat(summary.perSecond()).isEqualTo(1);
    assertThat(summary.median()).isZero();
  }

  @Test
  void whatIsOlderThanAMinuteIsForgotten() {
    responses.timed(SECOND, true, begin);

    assertThat(responses.summary(begin + 40 * SECOND).perSecond()).isPositive();
    assertThat(responses.summary(begin + 61 * SECOND).perSecond()).isZero();
    responses.timed(SECOND, false, begin + 61 * SECOND);
    assertThat(responses.summary(begin + 61 * SECOND).errors()).isZero();
  }

  @Property
  void timesAreRoundedUpByAQuarterAtMost(
      @ForAll @LongRange(min = 0, max = (1L << 31) - 1) long us) {
    long upper = RecentResponses.upperEnd(RecentResponses.bucket(us));

    assertThat(upper).isBetween(us + 1, us + us / 4 + 1);
  }
}

package shop.operations.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PacerTest {

  private static final long SECOND = 1_000_000_000L;

  @Property(tries = 100)
  void theRateStaysWithinFivePercentDespiteShortStalls(
      @ForAll @IntRange(min = 1, max = 1000) int rate, @ForAll long seed) {
    var times = sent(rate, 20 * rate, new Random(seed), 200_000_000);

    double seconds = (times.getLast() - times.getFirst()) / (double) SECOND;
    assertThat((times.size() - 1) / seconds).isBetween(0.95 * rate, 1.05 * rate);
  }

  @Property(tries = 100)
  void noWindowOfFiveSecondsExceedsTheRateByMoreThanFivePercent(
      @ForAll @IntRange(min = 20, max = 1000) int rate, @ForAll long seed) {
    // given stalls of up to three seconds
    var times = sent(rate, 20 * rate, new Random(seed), 3 * SECOND);

    int from = 0;
    for (int to = 0; to < times.size(); to++) {
      while (times.get(to) - times.get(from) > 5 * SECOND) {
        from++;
      }
      assertThat(to - from).isLessThanOrEqualTo((int) Math.ceil(1.05 * 5 * rate));
    }
  }

  @Example
  void aDuePermitHasNoDelay() {
    var pacer = new Pacer(10, 0);

    assertThat(pacer.delay(0)).isZero();
    assertThat(pacer.delay(0)).isEqualTo(SECOND / 10);
    assertThat(pacer.delay(SECOND / 5)).isZero();
  }

  /** The send times of a caller that stalls at random, in virtual time. */
  private static List<Long> sent(int rate, int count, Random random, long longestStall) {
    var times = new ArrayList<Long>();
    long now = random.nextInt();
    var pacer = new Pacer(rate, now);
    for (int i = 0; i < count; i++) {
      now += pacer.delay(now);
      times.add(now);
      if (random.nextInt(3 * rate) == 0) {
        now += (long) (random.nextDouble() * longestStall);
      }
    }
    return times;
  }
}

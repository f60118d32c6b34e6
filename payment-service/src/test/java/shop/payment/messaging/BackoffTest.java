package shop.payment.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BackoffTest {

  @Property
  void delayIsBetweenHalfAndAllOfADoublingTimeUpToTheCap(
      @ForAll @IntRange(min = 1, max = 1000) int failures, @ForAll long seed) {
    var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), new Random(seed));

    long full = Math.min(60_000, failures > 6 ? 60_000 : 1000L << (failures - 1));

    assertThat(backoff.after(failures).toMillis()).isBetween(full / 2, full);
  }
}

package shop.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AbsentInstancesTest {

  private static final Instant START = Instant.parse("2026-11-21T09:30:00Z");
  private static final Set<String> DRAINING = Set.of("gone", "here");
  private static final Set<String> LISTED = Set.of("here", "other");

  private final AbsentInstances absent = new AbsentInstances(Duration.ofDays(1));

  @Test
  void anInstanceThatIsGoneForLongerThanTheLimitIsNamed() {
    assertThat(absent.beyondLimit(DRAINING, LISTED, START)).isEmpty();
    assertThat(absent.beyondLimit(DRAINING, LISTED, after(24, 0))).isEmpty();
    assertThat(absent.beyondLimit(DRAINING, LISTED, after(24, 1))).containsExactly("gone");
  }

  @Test
  void anInstanceThatReturnsIsAbsentAnewWhenItLeavesAgain() {
    absent.beyondLimit(DRAINING, LISTED, START);
    absent.beyondLimit(DRAINING, Set.of("here", "gone"), after(23, 0));

    assertThat(absent.beyondLimit(DRAINING, LISTED, after(25, 0))).isEmpty();
    assertThat(absent.beyondLimit(DRAINING, LISTED, after(50, 0))).containsExactly("gone");
  }

  @Test
  void aDrainThatEndedAndBeganAnewIsCountedAnew() {
    absent.beyondLimit(DRAINING, LISTED, START);
    absent.beyondLimit(Set.of(), LISTED, after(23, 0));

    assertThat(absent.beyondLimit(DRAINING, LISTED, after(25, 0))).isEmpty();
  }

  private static Instant after(int hours, int seconds) {
    return START.plus(Duration.ofHours(hours)).plusSeconds(seconds);
  }
}

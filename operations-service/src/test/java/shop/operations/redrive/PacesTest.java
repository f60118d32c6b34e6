package shop.operations.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import shop.operations.Action.DiscardRequested;
import shop.operations.Action.RetryRequested;
import shop.operations.Action.Sending;

class PacesTest {

  private static final long SECOND = 1_000_000_000L;
  private static final UUID ADMIN = new UUID(0, 1);
  private static final UUID JOB = new UUID(0, 2);
  private static final UUID OTHER_JOB = new UUID(0, 3);
  private static final UUID UNKNOWN_JOB = new UUID(0, 4);

  private final Paces paces = new Paces(job -> job.equals(UNKNOWN_JOB) ? 0 : 100);

  @Test
  void whatPiledUpIsSentAtTheRateOfItsJob() {
    var quarter = Collections.nCopies(25, by(JOB));

    long now = 0;
    int sent = 0;
    while (now < 10 * SECOND) {
      now += paces.next(quarter, now);
      sent += quarter.size();
    }

    assertThat(sent).isBetween(950, 1050);
  }

  @Test
  void jobsDoNotWaitForEachOther() {
    paces.next(Collections.nCopies(50, by(JOB)), 0);

    assertThat(paces.next(List.of(by(JOB)), 0)).isEqualTo(SECOND / 2);
    assertThat(paces.next(List.of(by(OTHER_JOB)), 0)).isZero();
  }

  @Test
  void whatIsDecidedByHandWaitsForNothing() {
    var byHand = Collections.nCopies(1000, by(null));

    assertThat(paces.next(byHand, 0)).isZero();
    assertThat(paces.next(List.of(new DiscardRequested(1, 1, ADMIN, "lost")), 0)).isZero();
  }

  @Test
  void aJobWhoseStartWasNotReadYetIsNotHeldUp() {
    assertThat(paces.next(Collections.nCopies(1000, by(UNKNOWN_JOB)), 0)).isZero();
  }

  @Test
  void nothingIsHeldUpForMoreThanASecond() {
    assertThat(paces.next(Collections.nCopies(100_000, by(JOB)), 0)).isEqualTo(SECOND);
  }

  private static Sending by(UUID job) {
    return new RetryRequested(1, 1, ADMIN, null, job);
  }
}

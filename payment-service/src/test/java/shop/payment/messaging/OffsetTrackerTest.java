package shop.payment.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {

  @Property(tries = 200)
  void nothingBeyondAnOpenRecordIsCommittable(
      @ForAll @IntRange(min = 1, max = 50) int count, @ForAll long seed) {
    var progress = new OffsetTracker();
    List<Long> open = new ArrayList<>();
    for (long offset = 100; offset < 100 + count; offset++) {
      progress.taken(offset);
      open.add(offset);
    }
    var order = new ArrayList<>(open);
    Collections.shuffle(order, new Random(seed));

    for (long offset : order) {
      work(progress, offset);
      open.remove(offset);
      long expected = open.isEmpty() ? 100 + count : Collections.min(open);
      assertThat(progress.committable().orElse(100)).isEqualTo(expected);
      assertThat(progress.span()).isEqualTo(open.isEmpty() ? 0 : 100 + count - expected);
    }
  }

  @Test
  void whatWasCommittedIsNotCommittedAgain() {
    var progress = new OffsetTracker();
    progress.taken(7);
    assertThat(progress.committable()).isEmpty();

    work(progress, 7);
    assertThat(progress.committable()).hasValue(8);

    progress.committed(8);
    assertThat(progress.committable()).isEmpty();
  }

  @Test
  void marksOfTransactionsBehindTheLastRecordAreCommittedToo() {
    var progress = new OffsetTracker();
    progress.taken(7);
    progress.read(9);
    assertThat(progress.committable()).isEmpty();

    work(progress, 7);
    assertThat(progress.committable()).hasValue(9);
  }

  @Test
  void lostPartitionEndsWaitingAndStartsNoWork() throws InterruptedException {
    var progress = new OffsetTracker();
    progress.taken(1);
    assertThat(progress.lostWithin(Duration.ZERO)).isFalse();

    progress.lose();

    assertThat(progress.lostWithin(Duration.ofHours(1))).isTrue();
    assertThat(progress.begin()).isFalse();
    progress.awaitIdle(Long.MAX_VALUE);
  }

  @Test
  void whoWaitsForTheEndOfWorkFindsItDone() throws Exception {
    var progress = new OffsetTracker();
    progress.taken(1);
    progress.taken(2);
    progress.begin();
    progress.begin();
    var committable =
        new FutureTask<>(() -> {
          progress.awaitIdle(Long.MAX_VALUE);
          return progress.committable();
        });
    Thread.ofPlatform().start(committable);

    progress.lose();
    progress.end(1, true);
    progress.end(2, false);

    assertThat(committable.get()).hasValue(2);
  }

  private static void work(OffsetTracker progress, long offset) {
    assertThat(progress.begin()).isTrue();
    progress.end(offset, true);
  }
}

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
  void committableOffsetStopsAtTheFirstUnfinishedRecord(
      @ForAll @IntRange(min = 1, max = 50) int count, @ForAll long seed) {
    var tracker = new OffsetTracker();
    List<Long> unfinished = new ArrayList<>();
    for (long offset = 100; offset < 100 + count; offset++) {
      tracker.received(offset);
      unfinished.add(offset);
    }
    var order = new ArrayList<>(unfinished);
    Collections.shuffle(order, new Random(seed));

    for (long offset : order) {
      work(tracker, offset);
      unfinished.remove(offset);
      long expected = unfinished.isEmpty() ? 100 + count : Collections.min(unfinished);
      assertThat(tracker.committable().orElse(100)).isEqualTo(expected);
      assertThat(tracker.span()).isEqualTo(unfinished.isEmpty() ? 0 : 100 + count - expected);
    }
  }

  @Test
  void committedOffsetIsNotCommittedAgain() {
    var tracker = new OffsetTracker();
    tracker.received(7);
    assertThat(tracker.committable()).isEmpty();

    work(tracker, 7);
    assertThat(tracker.committable()).hasValue(8);

    tracker.committed(8);
    assertThat(tracker.committable()).isEmpty();
  }

  @Test
  void transactionMarkersAfterTheLastRecordAreCommitted() {
    var tracker = new OffsetTracker();
    tracker.received(7);
    tracker.advanceTo(9);
    assertThat(tracker.committable()).isEmpty();

    work(tracker, 7);
    assertThat(tracker.committable()).hasValue(9);
  }

  @Test
  void lostPartitionEndsWaitingAndBeginsNoWork() throws InterruptedException {
    var tracker = new OffsetTracker();
    tracker.received(1);
    assertThat(tracker.awaitLost(Duration.ZERO)).isFalse();

    tracker.markLost();

    assertThat(tracker.awaitLost(Duration.ofHours(1))).isTrue();
    assertThat(tracker.beginWork()).isFalse();
    tracker.awaitIdle(Long.MAX_VALUE);
  }

  @Test
  void finishedRecordsAreCommittableAfterAwaitIdle() throws Exception {
    var tracker = new OffsetTracker();
    tracker.received(1);
    tracker.received(2);
    tracker.beginWork();
    tracker.beginWork();
    var committable =
        new FutureTask<>(() -> {
          tracker.awaitIdle(Long.MAX_VALUE);
          return tracker.committable();
        });
    Thread.ofPlatform().start(committable);

    tracker.markLost();
    tracker.endWork(1, true);
    tracker.endWork(2, false);

    assertThat(committable.get()).hasValue(2);
  }

  private static void work(OffsetTracker tracker, long offset) {
    assertThat(tracker.beginWork()).isTrue();
    tracker.endWork(offset, true);
  }
}

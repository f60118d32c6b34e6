package shop.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import shop.common.deadletter.Cause;
import shop.operations.Action.FailedAgain;
import shop.operations.Action.Resolved;
import shop.operations.Action.RetryRequested;

class LifeTest {

  private static final Cause CAUSE = new Cause("X", "x", "a.b:1", 1);
  private static final UUID ADMIN = new UUID(0, 1);

  @Example
  void aRetryThatGoesThroughResolves() {
    var life = after(new RetryRequested(1, 1, ADMIN), new Resolved(1, "s"));

    assertThat(life.state()).isEqualTo(State.RESOLVED);
    assertThat(life.version()).isEqualTo(3);
    assertThat(life.redrives()).isEqualTo(1);
  }

  @Example
  void aRetryThatFailsAgainWaitsForTheNextDecision() {
    var life =
        after(
            new RetryRequested(1, 1, ADMIN),
            new FailedAgain(1, "s", CAUSE),
            new RetryRequested(3, 2, ADMIN));

    assertThat(life.state()).isEqualTo(State.RETRY_PENDING);
    assertThat(life.redrives()).isEqualTo(2);
    assertThat(life.awaits(2)).isTrue();
    assertThat(life.awaits(1)).isFalse();
  }

  @Example
  void ofTwoRequestsOnAVersionTheFirstWins() {
    var life = after(new RetryRequested(1, 1, ADMIN), new RetryRequested(1, 1, new UUID(0, 2)));

    assertThat(life.history()).extracting(Step::counted).containsExactly(true, false);
    assertThat(life.redrives()).isEqualTo(1);
  }

  @Example
  void aRequestOnAnOldVersionLosesAlsoWhenTheEntryFailedAgain() {
    var life =
        after(
            new RetryRequested(1, 1, ADMIN),
            new FailedAgain(1, "s", CAUSE),
            new RetryRequested(1, 1, ADMIN));

    assertThat(life.state()).isEqualTo(State.FAILED);
    assertThat(life.history().getLast().counted()).isFalse();
  }

  @Example
  void aRequestMustNameBothTheVersionAndTheNextAttempt() {
    assertThat(after(new RetryRequested(2, 1, ADMIN)).state()).isEqualTo(State.FAILED);
    assertThat(after(new RetryRequested(1, 2, ADMIN)).state()).isEqualTo(State.FAILED);
  }

  @Example
  void anOutcomeThatIsToldTwiceCountsOnce() {
    var failed =
        after(
            new RetryRequested(1, 1, ADMIN),
            new FailedAgain(1, "s", CAUSE),
            new FailedAgain(1, "s", CAUSE));

    assertThat(failed.version()).isEqualTo(3);
    assertThat(failed.history()).hasSize(3);
  }

  @Example
  void aMessageThatWentThroughAfterAllIsResolved() {
    // given an attempt that was sent twice after a crash: one failed, the other went through
    var life =
        after(
            new RetryRequested(1, 1, ADMIN),
            new FailedAgain(1, "s", CAUSE),
            new RetryRequested(3, 2, ADMIN),
            new Resolved(1, "s"),
            new FailedAgain(2, "s", CAUSE));

    assertThat(life.state()).isEqualTo(State.RESOLVED);
  }

  @Example
  void anOutcomeOfWhatWasNeverSentChangesNothing() {
    assertThat(after(new Resolved(1, "s")).state()).isEqualTo(State.FAILED);
    assertThat(after(new FailedAgain(1, "s", CAUSE)).version()).isEqualTo(1);
  }

  @Property(tries = 500)
  void versionsCountTheActionsThatCountedAndResolvedIsTheEnd(
      @ForAll("actions") List<Action> actions) {
    Life life = Life.START;
    boolean resolved = false;
    for (int offset = 0; offset < actions.size(); offset++) {
      life = life.then(actions.get(offset), Instant.EPOCH, offset);
      resolved |= life.state() == State.RESOLVED;

      assertThat(life.state() == State.RESOLVED).isEqualTo(resolved);
      assertThat(life.version()).isEqualTo(1 + counted(life));
      assertThat(life.asOf(offset)).isEqualTo(life);
    }
    assertThat(life.history()).extracting(Step::action).isEqualTo(actions);
  }

  @Provide
  Arbitrary<List<Action>> actions() {
    var small = Arbitraries.integers().between(1, 4);
    return Arbitraries.oneOf(
            Combinators.combine(small, small)
                .as((v, a) -> (Action) new RetryRequested(v, a, ADMIN)),
            small.map(attempt -> (Action) new Resolved(attempt, "s")),
            small.map(attempt -> (Action) new FailedAgain(attempt, "s", CAUSE)))
        .list()
        .ofMaxSize(12);
  }

  private static int counted(Life life) {
    return (int) life.history().stream().filter(Step::counted).count();
  }

  private static Life after(Action... actions) {
    Life life = Life.START;
    for (int offset = 0; offset < actions.length; offset++) {
      life = life.then(actions[offset], Instant.EPOCH, offset);
    }
    return life;
  }
}

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
import shop.operations.Action.DiscardRequested;
import shop.operations.Action.Discarded;
import shop.operations.Action.EditRequested;
import shop.operations.Action.FailedAgain;
import shop.operations.Action.Resolved;
import shop.operations.Action.RetryRequested;

class EntryHistoryTest {

  private static final Cause CAUSE = new Cause("X", "x", "a.b:1", 1);
  private static final UUID ADMIN = new UUID(0, 1);

  @Example
  void aRetryThatGoesThroughResolves() {
    var life = after(retry(1, 1), new Resolved(1, "s"));

    assertThat(life.state()).isEqualTo(State.RESOLVED);
    assertThat(life.version()).isEqualTo(3);
    assertThat(life.redrives()).isEqualTo(1);
  }

  @Example
  void aRetryThatFailsAgainWaitsForTheNextDecision() {
    var life = after(retry(1, 1), new FailedAgain(1, "s", CAUSE), retry(3, 2));

    assertThat(life.state()).isEqualTo(State.RETRY_PENDING);
    assertThat(life.redrives()).isEqualTo(2);
    assertThat(life.awaits(2)).isTrue();
    assertThat(life.awaits(1)).isFalse();
  }

  @Example
  void ofTwoRequestsOnAVersionTheFirstWins() {
    var life = after(retry(1, 1), new RetryRequested(1, 1, new UUID(0, 2), null, null));

    assertThat(life.history()).extracting(HistoryStep::counted).containsExactly(true, false);
    assertThat(life.redrives()).isEqualTo(1);
  }

  @Example
  void aRequestOnAnOldVersionLosesAlsoWhenTheEntryFailedAgain() {
    var life = after(retry(1, 1), new FailedAgain(1, "s", CAUSE), retry(1, 1));

    assertThat(life.state()).isEqualTo(State.FAILED);
    assertThat(life.history().getLast().counted()).isFalse();
  }

  @Example
  void aRequestMustNameBothTheVersionAndTheNextAttempt() {
    assertThat(after(retry(2, 1)).state()).isEqualTo(State.FAILED);
    assertThat(after(retry(1, 2)).state()).isEqualTo(State.FAILED);
  }

  @Example
  void anOutcomeThatIsToldTwiceCountsOnce() {
    var failed = after(retry(1, 1), new FailedAgain(1, "s", CAUSE), new FailedAgain(1, "s", CAUSE));

    assertThat(failed.version()).isEqualTo(3);
    assertThat(failed.history()).hasSize(3);
  }

  @Example
  void aMessageThatWentThroughAfterAllIsResolved() {
    // given an attempt that was sent twice after a crash: one failed, the other went through
    var life =
        after(
            retry(1, 1),
            new FailedAgain(1, "s", CAUSE),
            retry(3, 2),
            new Resolved(1, "s"),
            new FailedAgain(2, "s", CAUSE));

    assertThat(life.state()).isEqualTo(State.RESOLVED);
  }

  @Example
  void anOutcomeOfWhatWasNeverSentChangesNothing() {
    assertThat(after(new Resolved(1, "s")).state()).isEqualTo(State.FAILED);
    assertThat(after(new FailedAgain(1, "s", CAUSE)).version()).isEqualTo(1);
  }

  @Example
  void anEditGoesBackLikeARetry() {
    var life = after(edit(1, 1), new FailedAgain(1, "s", CAUSE), edit(3, 2), new Resolved(2, "s"));

    assertThat(life.state()).isEqualTo(State.RESOLVED);
    assertThat(life.redrives()).isEqualTo(2);
  }

  @Example
  void whatNeedsNoSettlingIsDiscardedAtOnce() {
    var life = after(new Discarded(1, ADMIN, "why"), retry(1, 1), retry(2, 1));

    assertThat(life.state()).isEqualTo(State.DISCARDED);
    assertThat(life.history()).extracting(HistoryStep::counted).containsExactly(true, false, false);
  }

  @Example
  void aPaymentIsDiscardedOnlyWhenItsServiceHasSettledIt() {
    assertThat(after(settle(1, 1)).state()).isEqualTo(State.DISCARD_PENDING);
    assertThat(after(settle(1, 1), new Resolved(1, "s")).state()).isEqualTo(State.DISCARDED);
    assertThat(after(settle(1, 1), new FailedAgain(1, "s", CAUSE)).state()).isEqualTo(State.FAILED);
  }

  @Example
  void aRetryThatWentThroughAfterAllDoesNotHideASettlementUnderWay() {
    // given a retry whose outcome comes late, and a settlement that then fails
    var life =
        after(
            retry(1, 1),
            new FailedAgain(1, "s", CAUSE),
            settle(3, 2),
            new Resolved(1, "s"),
            new FailedAgain(2, "s", CAUSE));

    assertThat(life.state()).isEqualTo(State.FAILED);
  }

  @Example
  void aDecisionKnowsWhatCameOfIt() {
    var life =
        after(
            retry(1, 1),
            new Discarded(1, ADMIN, "why"),
            new FailedAgain(1, "s", CAUSE),
            edit(3, 2),
            new FailedAgain(2, "s", CAUSE),
            settle(5, 3),
            new Resolved(3, "s"));

    assertThat(
            life.history().stream()
                .filter(step -> step.action() instanceof Action.Decision)
                .map(life::resultOf))
        .containsExactly(
            EntryHistory.Result.FAILED_AGAIN,
            EntryHistory.Result.REFUSED,
            EntryHistory.Result.FAILED_AGAIN,
            EntryHistory.Result.DISCARDED);
    assertThat(life.asOf(5).resultOf(life.history().get(5))).isEqualTo(EntryHistory.Result.PENDING);
    assertThat(life.lastDecision()).hasValue(life.history().get(5));
  }

  @Property(tries = 500)
  void versionsCountTheActionsThatCountedAndAClosedEntryStaysClosed(
      @ForAll("actions") List<Action> actions) {
    EntryHistory life = EntryHistory.START;
    State closed = null;
    for (int offset = 0; offset < actions.size(); offset++) {
      life = life.then(actions.get(offset), Instant.EPOCH, offset);
      closed = closed == null && !life.state().isOpen() ? life.state() : closed;

      assertThat(closed == null ? life.state().isOpen() : life.state() == closed).isTrue();
      assertThat(life.version()).isEqualTo(1 + counted(life));
      assertThat(life.asOf(offset)).isEqualTo(life);
    }
    assertThat(life.history()).extracting(HistoryStep::action).isEqualTo(actions);
  }

  @Provide
  Arbitrary<List<Action>> actions() {
    var small = Arbitraries.integers().between(1, 4);
    return Arbitraries.oneOf(
            Combinators.combine(small, small).as((v, a) -> (Action) retry(v, a)),
            Combinators.combine(small, small).as((v, a) -> (Action) edit(v, a)),
            Combinators.combine(small, small).as((v, a) -> (Action) settle(v, a)),
            small.map(version -> (Action) new Discarded(version, ADMIN, "why")),
            small.map(attempt -> (Action) new Resolved(attempt, "s")),
            small.map(attempt -> (Action) new FailedAgain(attempt, "s", CAUSE)))
        .list()
        .ofMaxSize(12);
  }

  private static int counted(EntryHistory life) {
    return (int) life.history().stream().filter(HistoryStep::counted).count();
  }

  private static EntryHistory after(Action... actions) {
    EntryHistory life = EntryHistory.START;
    for (int offset = 0; offset < actions.length; offset++) {
      life = life.then(actions[offset], Instant.EPOCH, offset);
    }
    return life;
  }

  private static RetryRequested retry(int version, int attempt) {
    return new RetryRequested(version, attempt, ADMIN, null, null);
  }

  private static EditRequested edit(int version, int attempt) {
    return new EditRequested(version, attempt, ADMIN, null, new RecordPosition(0, 0));
  }

  private static DiscardRequested settle(int version, int attempt) {
    return new DiscardRequested(version, attempt, ADMIN, "why");
  }
}

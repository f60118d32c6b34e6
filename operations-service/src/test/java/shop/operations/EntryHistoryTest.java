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
  void aSuccessfulRetryResolvesTheEntry() {
    var history = after(retry(1, 1), new Resolved(1, "s"));

    assertThat(history.state()).isEqualTo(State.RESOLVED);
    assertThat(history.version()).isEqualTo(3);
    assertThat(history.redrives()).isEqualTo(1);
  }

  @Example
  void anEntryThatFailsAgainWaitsForTheNextDecision() {
    var history = after(retry(1, 1), new FailedAgain(1, "s", CAUSE), retry(3, 2));

    assertThat(history.state()).isEqualTo(State.RETRY_PENDING);
    assertThat(history.redrives()).isEqualTo(2);
    assertThat(history.awaits(2)).isTrue();
    assertThat(history.awaits(1)).isFalse();
  }

  @Example
  void theFirstOfTwoRequestsForAVersionWins() {
    var history = after(retry(1, 1), new RetryRequested(1, 1, new UUID(0, 2), null, null));

    assertThat(history.steps()).extracting(HistoryStep::counted).containsExactly(true, false);
    assertThat(history.redrives()).isEqualTo(1);
  }

  @Example
  void aRequestForAnOldVersionIsRefusedEvenIfTheEntryFailedAgain() {
    var history = after(retry(1, 1), new FailedAgain(1, "s", CAUSE), retry(1, 1));

    assertThat(history.state()).isEqualTo(State.FAILED);
    assertThat(history.steps().getLast().counted()).isFalse();
  }

  @Example
  void aRequestMustNameBothTheVersionAndTheNextAttempt() {
    assertThat(after(retry(2, 1)).state()).isEqualTo(State.FAILED);
    assertThat(after(retry(1, 2)).state()).isEqualTo(State.FAILED);
  }

  @Example
  void anOutcomeThatIsReportedTwiceCountsOnce() {
    var failed = after(retry(1, 1), new FailedAgain(1, "s", CAUSE), new FailedAgain(1, "s", CAUSE));

    assertThat(failed.version()).isEqualTo(3);
    assertThat(failed.steps()).hasSize(3);
  }

  @Example
  void aLateSuccessOfAnEarlierRedriveResolvesTheEntry() {
    // given a redrive that was sent twice after a crash: one copy failed, the other succeeded
    var history =
        after(
            retry(1, 1),
            new FailedAgain(1, "s", CAUSE),
            retry(3, 2),
            new Resolved(1, "s"),
            new FailedAgain(2, "s", CAUSE));

    assertThat(history.state()).isEqualTo(State.RESOLVED);
  }

  @Example
  void anOutcomeWithoutARedriveChangesNothing() {
    assertThat(after(new Resolved(1, "s")).state()).isEqualTo(State.FAILED);
    assertThat(after(new FailedAgain(1, "s", CAUSE)).version()).isEqualTo(1);
  }

  @Example
  void anEditIsRedrivenLikeARetry() {
    var history =
        after(edit(1, 1), new FailedAgain(1, "s", CAUSE), edit(3, 2), new Resolved(2, "s"));

    assertThat(history.state()).isEqualTo(State.RESOLVED);
    assertThat(history.redrives()).isEqualTo(2);
  }

  @Example
  void aMessageThatNeedsNoSettlementIsDiscardedAtOnce() {
    var history = after(new Discarded(1, ADMIN, "why"), retry(1, 1), retry(2, 1));

    assertThat(history.state()).isEqualTo(State.DISCARDED);
    assertThat(history.steps())
        .extracting(HistoryStep::counted)
        .containsExactly(true, false, false);
  }

  @Example
  void aPaymentIsDiscardedOnlyWhenItsServiceHasSettledIt() {
    assertThat(after(settle(1, 1)).state()).isEqualTo(State.DISCARD_PENDING);
    assertThat(after(settle(1, 1), new Resolved(1, "s")).state()).isEqualTo(State.DISCARDED);
    assertThat(after(settle(1, 1), new FailedAgain(1, "s", CAUSE)).state()).isEqualTo(State.FAILED);
  }

  @Example
  void aLateSuccessOfARetryDoesNotHideAPendingSettlement() {
    // given a retry whose success is reported late, and a settlement that then fails
    var history =
        after(
            retry(1, 1),
            new FailedAgain(1, "s", CAUSE),
            settle(3, 2),
            new Resolved(1, "s"),
            new FailedAgain(2, "s", CAUSE));

    assertThat(history.state()).isEqualTo(State.FAILED);
  }

  @Example
  void everyDecisionHasItsResult() {
    var history =
        after(
            retry(1, 1),
            new Discarded(1, ADMIN, "why"),
            new FailedAgain(1, "s", CAUSE),
            edit(3, 2),
            new FailedAgain(2, "s", CAUSE),
            settle(5, 3),
            new Resolved(3, "s"));

    assertThat(
            history.steps().stream()
                .filter(step -> step.action() instanceof Action.Decision)
                .map(history::resultOf))
        .containsExactly(
            EntryHistory.DecisionResult.FAILED_AGAIN,
            EntryHistory.DecisionResult.REFUSED,
            EntryHistory.DecisionResult.FAILED_AGAIN,
            EntryHistory.DecisionResult.DISCARDED);
    assertThat(history.asOf(5).resultOf(history.steps().get(5)))
        .isEqualTo(EntryHistory.DecisionResult.PENDING);
    assertThat(history.lastDecision()).hasValue(history.steps().get(5));
  }

  @Example
  void aReopenedEntryWaitsForADecisionAndMayBeRetried() {
    var history = after(retry(1, 1), reopen(2), retry(3, 2));

    assertThat(after(retry(1, 1), reopen(2)).state()).isEqualTo(State.FAILED);
    assertThat(history.state()).isEqualTo(State.RETRY_PENDING);
    assertThat(history.awaits(1)).isFalse();
    assertThat(history.awaits(2)).isTrue();
    assertThat(history.resultOf(history.steps().getFirst()))
        .isEqualTo(EntryHistory.DecisionResult.REOPENED);
    assertThat(history.resultOf(history.steps().getLast()))
        .isEqualTo(EntryHistory.DecisionResult.PENDING);
  }

  @Example
  void aSuccessThatIsReportedAfterReopeningResolvesTheEntry() {
    var history = after(retry(1, 1), reopen(2), new Resolved(1, "s"));

    assertThat(history.state()).isEqualTo(State.RESOLVED);
    assertThat(history.resultOf(history.steps().getFirst()))
        .isEqualTo(EntryHistory.DecisionResult.RESOLVED);
    assertThat(after(settle(1, 1), reopen(2), new Resolved(1, "s")).state())
        .isEqualTo(State.DISCARDED);
    assertThat(after(retry(1, 1), reopen(2), retry(3, 2), new Resolved(1, "s")).state())
        .isEqualTo(State.RESOLVED);
  }

  @Example
  void aFailureThatIsReportedAfterReopeningChangesNothing() {
    var history = after(retry(1, 1), reopen(2), retry(3, 2), new FailedAgain(1, "s", CAUSE));

    assertThat(history.state()).isEqualTo(State.RETRY_PENDING);
  }

  @Example
  void onlyAPendingEntryOfTheSeenVersionIsReopened() {
    assertThat(after(reopen(1)).steps().getLast().counted()).isFalse();
    assertThat(after(retry(1, 1), reopen(1)).state()).isEqualTo(State.RETRY_PENDING);
    assertThat(after(retry(1, 1), new Resolved(1, "s"), reopen(3)).state())
        .isEqualTo(State.RESOLVED);
  }

  @Property(tries = 500)
  void theVersionCountsEffectiveActionsAndAClosedEntryStaysClosed(
      @ForAll("actions") List<Action> actions) {
    EntryHistory history = EntryHistory.START;
    State closed = null;
    for (int offset = 0; offset < actions.size(); offset++) {
      history = history.apply(actions.get(offset), Instant.EPOCH, offset);
      closed = closed == null && !history.state().isOpen() ? history.state() : closed;

      assertThat(closed == null ? history.state().isOpen() : history.state() == closed).isTrue();
      assertThat(history.version()).isEqualTo(1 + counted(history));
      assertThat(history.asOf(offset)).isEqualTo(history);
    }
    assertThat(history.steps()).extracting(HistoryStep::action).isEqualTo(actions);
  }

  @Provide
  Arbitrary<List<Action>> actions() {
    var small = Arbitraries.integers().between(1, 4);
    return Arbitraries.oneOf(
            Combinators.combine(small, small).as((v, a) -> (Action) retry(v, a)),
            Combinators.combine(small, small).as((v, a) -> (Action) edit(v, a)),
            Combinators.combine(small, small).as((v, a) -> (Action) settle(v, a)),
            small.map(version -> (Action) new Discarded(version, ADMIN, "why")),
            small.map(version -> (Action) reopen(version)),
            small.map(attempt -> (Action) new Resolved(attempt, "s")),
            small.map(attempt -> (Action) new FailedAgain(attempt, "s", CAUSE)))
        .list()
        .ofMaxSize(12);
  }

  private static int counted(EntryHistory history) {
    return (int) history.steps().stream().filter(HistoryStep::counted).count();
  }

  private static EntryHistory after(Action... actions) {
    EntryHistory history = EntryHistory.START;
    for (int offset = 0; offset < actions.length; offset++) {
      history = history.apply(actions[offset], Instant.EPOCH, offset);
    }
    return history;
  }

  private static RetryRequested retry(int version, int attempt) {
    return new RetryRequested(version, attempt, ADMIN, null, null);
  }

  private static Action.Reopened reopen(int version) {
    return new Action.Reopened(version, ADMIN, null);
  }

  private static EditRequested edit(int version, int attempt) {
    return new EditRequested(version, attempt, ADMIN, null, new RecordPosition(0, 0));
  }

  private static DiscardRequested settle(int version, int attempt) {
    return new DiscardRequested(version, attempt, ADMIN, "why");
  }
}

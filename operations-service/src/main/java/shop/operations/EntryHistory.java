package shop.operations;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shop.operations.Action.Decision;
import shop.operations.Action.DiscardRequested;
import shop.operations.Action.Discarded;
import shop.operations.Action.EditRequested;
import shop.operations.Action.FailedAgain;
import shop.operations.Action.RedriveDecision;
import shop.operations.Action.Reopened;
import shop.operations.Action.ReportedOutcome;
import shop.operations.Action.Resolved;
import shop.operations.Action.RetryRequested;

/**
 * The decisions and outcomes of a dead letter: a fold of its actions in log order, and therefore
 * the same on every instance.
 *
 * @param state after all actions
 * @param version from 1, incremented by every action that counted
 * @param redrives how often the message was sent to its service, to be processed or settled
 * @param steps all actions, including those that came too late
 */
public record EntryHistory(State state, int version, int redrives, List<HistoryStep> steps) {

  /** A dead letter without any action. */
  public static final EntryHistory START = new EntryHistory(State.FAILED, 1, 0, List.of());

  public EntryHistory {
    steps = List.copyOf(steps);
  }

  /** The history with one more action. An action that comes too late is only added to the steps. */
  public EntryHistory apply(Action action, Instant at, long offset) {
    State next =
        switch (action) {
          case Decision decision -> accepts(decision) ? stateAfter(decision) : state;
          case Resolved outcome -> resolved(outcome.attempt());
          case FailedAgain outcome -> awaits(outcome.attempt()) ? State.FAILED : state;
        };
    boolean counted = next != state;
    var all = new ArrayList<>(steps);
    all.add(new HistoryStep(action, at, offset, counted));
    return new EntryHistory(
        next,
        counted ? version + 1 : version,
        counted && action instanceof RedriveDecision ? redrives + 1 : redrives,
        all);
  }

  /** The first decision on a version wins. */
  private boolean accepts(Decision decision) {
    boolean expected = decision instanceof Reopened ? state.isPending() : state == State.FAILED;
    return expected
        && decision.version() == version
        && !(decision instanceof RedriveDecision redrive && redrive.attempt() != redrives + 1);
  }

  private static State stateAfter(Decision decision) {
    return switch (decision) {
      case RetryRequested _, EditRequested _ -> State.RETRY_PENDING;
      case DiscardRequested _ -> State.DISCARD_PENDING;
      case Discarded _ -> State.DISCARDED;
      case Reopened _ -> State.FAILED;
    };
  }

  /**
   * A success counts for whichever redrive it reports, also an earlier one. Exception: while a
   * redrive of the other kind is pending, its outcome decides, so that its failure stays visible.
   */
  private State resolved(int attempt) {
    Optional<State> pending = redriveDecision(attempt).map(EntryHistory::stateAfter);
    if (pending.isEmpty() || !(state == State.FAILED || state == pending.get())) {
      return state;
    }
    return pending.get() == State.DISCARD_PENDING ? State.DISCARDED : State.RESOLVED;
  }

  /** The decision that requested a redrive; empty if there was no redrive of this number. */
  public Optional<RedriveDecision> redriveDecision(int attempt) {
    for (HistoryStep step : steps) {
      if (step.counted()
          && step.action() instanceof RedriveDecision decision
          && decision.attempt() == attempt) {
        return Optional.of(decision);
      }
    }
    return Optional.empty();
  }

  /** The latest decision that counted; empty if there was none. */
  public Optional<HistoryStep> lastDecision() {
    return steps.reversed().stream()
        .filter(step -> step.counted() && step.action() instanceof Decision)
        .findFirst();
  }

  /** The result of a decision on this entry. */
  public DecisionResult resultOf(HistoryStep decision) {
    if (!decision.counted()) {
      return DecisionResult.REFUSED;
    }
    if (!(decision.action() instanceof RedriveDecision redrive)) {
      return decision.action() instanceof Reopened
          ? DecisionResult.REOPENED
          : DecisionResult.DISCARDED;
    }
    DecisionResult result = DecisionResult.PENDING;
    for (HistoryStep step : steps) {
      if (step.counted()
          && step.action() instanceof Reopened
          && asOf(step.offset()).redrives() == redrive.attempt()) {
        result = DecisionResult.REOPENED;
      } else if (step.counted()
          && step.action() instanceof ReportedOutcome outcome
          && outcome.attempt() == redrive.attempt()) {
        result =
            switch (outcome) {
              case FailedAgain _ -> DecisionResult.FAILED_AGAIN;
              case Resolved _ when redrive instanceof DiscardRequested -> DecisionResult.DISCARDED;
              case Resolved _ -> DecisionResult.RESOLVED;
            };
      }
    }
    return result;
  }

  /** The result of a decision. */
  public enum DecisionResult {
    /** It had no effect, because another action was first. */
    REFUSED,
    /** The service has not reported an outcome yet. */
    PENDING,
    /** An admin reopened the entry, because the service had not reported an outcome. */
    REOPENED,
    /** The service processed the message. */
    RESOLVED,
    /** The message failed again. */
    FAILED_AGAIN,
    /** The entry is discarded. */
    DISCARDED
  }

  /** The action at an offset; empty if this entry has none there. */
  public Optional<HistoryStep> stepAt(long offset) {
    return steps.stream().filter(step -> step.offset() == offset).findFirst();
  }

  /** The history up to and including the action at an offset. */
  public EntryHistory asOf(long offset) {
    EntryHistory history = START;
    for (HistoryStep step : steps) {
      if (step.offset() <= offset) {
        history = history.apply(step.action(), step.at(), step.offset());
      }
    }
    return history;
  }

  /** True if this redrive is the latest and its outcome has not been reported yet. */
  public boolean awaits(int attempt) {
    return state.isPending() && redrives == attempt;
  }
}

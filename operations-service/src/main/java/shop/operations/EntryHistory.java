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
import shop.operations.Action.Outcome;
import shop.operations.Action.Resolved;
import shop.operations.Action.RetryRequested;
import shop.operations.Action.Sending;

/**
 * What became of a dead letter: the fold of its actions in the order of the log, and therefore the
 * same for everybody who reads them.
 *
 * @param state where it stands
 * @param version raised by every action that counts, from 1
 * @param redrives how often it was sent to its service, to be processed or to be settled
 * @param history all actions, also those that came too late
 */
public record EntryHistory(State state, int version, int redrives, List<HistoryStep> history) {

  /** Given up by its service, untouched since. */
  public static final EntryHistory START = new EntryHistory(State.FAILED, 1, 0, List.of());

  public EntryHistory {
    history = List.copyOf(history);
  }

  /** After one more action. An action that comes too late changes the history only. */
  public EntryHistory then(Action action, Instant at, long offset) {
    State next =
        switch (action) {
          case Decision decision -> wins(decision) ? decided(decision) : state;
          case Resolved outcome -> resolved(outcome.attempt());
          case FailedAgain outcome -> awaits(outcome.attempt()) ? State.FAILED : state;
        };
    boolean counted = next != state;
    var steps = new ArrayList<>(history);
    steps.add(new HistoryStep(action, at, offset, counted));
    return new EntryHistory(
        next,
        counted ? version + 1 : version,
        counted && action instanceof Sending ? redrives + 1 : redrives,
        steps);
  }

  /** The first decision on a version wins. */
  private boolean wins(Decision decision) {
    return state == State.FAILED
        && decision.version() == version
        && !(decision instanceof Sending sending && sending.attempt() != redrives + 1);
  }

  private static State decided(Decision decision) {
    return switch (decision) {
      case RetryRequested _, EditRequested _ -> State.RETRY_PENDING;
      case DiscardRequested _ -> State.DISCARD_PENDING;
      case Discarded _ -> State.DISCARDED;
    };
  }

  /**
   * A fact: whichever sending it was that went through, it did. Only while one of the other kind is
   * under way, that one is waited for: what it fails of must not be hidden.
   */
  private State resolved(int attempt) {
    Optional<State> pending = sending(attempt).map(EntryHistory::decided);
    if (pending.isEmpty() || !(state == State.FAILED || state == pending.get())) {
      return state;
    }
    return pending.get() == State.DISCARD_PENDING ? State.DISCARDED : State.RESOLVED;
  }

  /** What was decided to be sent as this attempt. */
  public Optional<Sending> sending(int attempt) {
    for (HistoryStep step : history) {
      if (step.counted()
          && step.action() instanceof Sending sending
          && sending.attempt() == attempt) {
        return Optional.of(sending);
      }
    }
    return Optional.empty();
  }

  /** The decision that made it what it is; empty while nobody has decided anything. */
  public Optional<HistoryStep> lastDecision() {
    return history.reversed().stream()
        .filter(step -> step.counted() && step.action() instanceof Decision)
        .findFirst();
  }

  /** What came of a decision on this entry. */
  public Result resultOf(HistoryStep decision) {
    if (!decision.counted()) {
      return Result.REFUSED;
    }
    if (!(decision.action() instanceof Sending sending)) {
      return Result.DISCARDED;
    }
    Result result = Result.PENDING;
    for (HistoryStep step : history) {
      if (step.counted()
          && step.action() instanceof Outcome outcome
          && outcome.attempt() == sending.attempt()) {
        result =
            switch (outcome) {
              case FailedAgain _ -> Result.FAILED_AGAIN;
              case Resolved _ when sending instanceof DiscardRequested -> Result.DISCARDED;
              case Resolved _ -> Result.RESOLVED;
            };
      }
    }
    return result;
  }

  /** What came of a decision. */
  public enum Result {
    /** Another action was first. */
    REFUSED,
    /** It was sent, and the service has not said what came of it. */
    PENDING,
    /** It went through. */
    RESOLVED,
    /** It failed again. */
    FAILED_AGAIN,
    /** The entry is discarded. */
    DISCARDED
  }

  /** What an action at an offset was. */
  public Optional<HistoryStep> stepAt(long offset) {
    return history.stream().filter(step -> step.offset() == offset).findFirst();
  }

  /** As it was right after the action at an offset. */
  public EntryHistory asOf(long offset) {
    EntryHistory then = START;
    for (HistoryStep step : history) {
      if (step.offset() <= offset) {
        then = then.then(step.action(), step.at(), step.offset());
      }
    }
    return then;
  }

  /** True if this sending was decided and nothing has come of it yet. */
  public boolean awaits(int attempt) {
    return (state == State.RETRY_PENDING || state == State.DISCARD_PENDING) && redrives == attempt;
  }
}

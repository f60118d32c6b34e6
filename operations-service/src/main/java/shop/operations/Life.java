package shop.operations;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shop.operations.Action.FailedAgain;
import shop.operations.Action.Resolved;
import shop.operations.Action.RetryRequested;

/**
 * What became of a dead letter: the fold of its actions in the order of the log, and therefore the
 * same for everybody who reads them.
 *
 * @param state where it stands
 * @param version raised by every action that counts, from 1
 * @param redrives how often it was sent back
 * @param history all actions, also those that came too late
 */
public record Life(State state, int version, int redrives, List<Step> history) {

  /** Given up by its service, untouched since. */
  public static final Life START = new Life(State.FAILED, 1, 0, List.of());

  public Life {
    history = List.copyOf(history);
  }

  /** After one more action. An action that comes too late changes the history only. */
  public Life then(Action action, Instant at, long offset) {
    State next =
        switch (action) {
          // The first action on a version wins.
          case RetryRequested request
              when state == State.FAILED
                  && request.version() == version
                  && request.attempt() == redrives + 1 ->
              State.RETRY_PENDING;
          case RetryRequested _ -> state;
          // A fact: whichever sending back it was that went through, it did.
          case Resolved outcome when outcome.attempt() <= redrives -> State.RESOLVED;
          case Resolved _ -> state;
          case FailedAgain outcome
              when state == State.RETRY_PENDING && outcome.attempt() == redrives ->
              State.FAILED;
          case FailedAgain _ -> state;
        };
    boolean counted = next != state;
    var steps = new ArrayList<>(history);
    steps.add(new Step(action, at, offset, counted));
    return new Life(
        next,
        counted ? version + 1 : version,
        counted && action instanceof RetryRequested ? redrives + 1 : redrives,
        steps);
  }

  /** What an action at an offset was. */
  public Optional<Step> stepAt(long offset) {
    return history.stream().filter(step -> step.offset() == offset).findFirst();
  }

  /** As it was right after the action at an offset. */
  public Life asOf(long offset) {
    Life then = START;
    for (Step step : history) {
      if (step.offset() <= offset) {
        then = then.then(step.action(), step.at(), step.offset());
      }
    }
    return then;
  }

  /** True if this sending back was decided and nothing has come of it yet. */
  public boolean awaits(int attempt) {
    return state == State.RETRY_PENDING && redrives == attempt;
  }
}

package shop.operations;

import shop.common.deadletter.Cause;
import shop.operations.Action.FailedAgain;

/** A dead letter and the history of its decisions and outcomes. */
public record DeskEntry(DeadLetterSummary letter, EntryHistory history) {

  /** The cause of the latest failure. */
  public Cause cause() {
    for (HistoryStep step : history.steps().reversed()) {
      if (step.counted() && step.action() instanceof FailedAgain again) {
        return again.cause();
      }
    }
    return letter.cause();
  }
}

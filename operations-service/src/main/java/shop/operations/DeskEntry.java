package shop.operations;

import shop.common.deadletter.Cause;
import shop.operations.Action.FailedAgain;

/** A dead letter and what became of it. */
public record DeskEntry(Letter letter, EntryHistory life) {

  /** Why it failed last. */
  public Cause cause() {
    for (HistoryStep step : life.history().reversed()) {
      if (step.counted() && step.action() instanceof FailedAgain again) {
        return again.cause();
      }
    }
    return letter.cause();
  }
}

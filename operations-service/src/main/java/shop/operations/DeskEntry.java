package shop.operations;

import java.util.Optional;
import shop.common.deadletter.Cause;
import shop.operations.Action.FailedAgain;

/** A dead letter and the history of its decisions and outcomes. */
public record DeskEntry(DeadLetterSummary letter, EntryHistory history) {

  /** The cause of the latest failure. */
  public Cause cause() {
    return causeOf(history).orElse(letter.cause());
  }

  /** The cause of the latest failure that was reported; empty if the message did not fail again. */
  public static Optional<Cause> causeOf(EntryHistory history) {
    for (HistoryStep step : history.steps().reversed()) {
      if (step.counted() && step.action() instanceof FailedAgain again) {
        return Optional.of(again.cause());
      }
    }
    return Optional.empty();
  }
}

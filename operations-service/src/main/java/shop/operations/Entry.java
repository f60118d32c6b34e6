package shop.operations;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import shop.common.deadletter.Cause;
import shop.operations.Action.FailedAgain;

/** A dead letter and what became of it. */
public record Entry(Letter letter, Life life) {

  /** Why it failed last. */
  public Cause cause() {
    for (Step step : life.history().reversed()) {
      if (step.counted() && step.action() instanceof FailedAgain again) {
        return again.cause();
      }
    }
    return letter.cause();
  }

  /** True if a text occurs in what is known of it, in upper or lower case; bytes are not read. */
  public boolean mentions(String text) {
    Cause cause = cause();
    return contains(letter.id(), text)
        || contains(cause.exception(), text)
        || contains(cause.message(), text)
        || contains(cause.place(), text)
        || contains(letter.eventType(), text)
        || contains(letter.subject(), text);
  }

  private static boolean contains(@Nullable String whole, String text) {
    return whole != null && whole.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
  }
}

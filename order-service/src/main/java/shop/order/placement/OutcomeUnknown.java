package shop.order.placement;

import org.jspecify.annotations.Nullable;

/** The order may or may not be in the log. Nothing is released; the same key is safe. */
final class OutcomeUnknown extends RuntimeException {

  OutcomeUnknown(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

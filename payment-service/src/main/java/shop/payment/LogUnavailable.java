package shop.payment;

import org.jspecify.annotations.Nullable;

/** The log of payments could not be written or read within the timeout. A retry is safe. */
public sealed class LogUnavailable extends RuntimeException permits HistoryUnavailable {

  public LogUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package shop.payment;

import org.jspecify.annotations.Nullable;

/**
 * The order is older than what memory holds, and PostgreSQL, which has the older part of the log,
 * is away or has not caught up with memory. Nothing is known of the payment, not even that there is
 * none. A retry is safe.
 */
public final class HistoryUnavailable extends LogUnavailable {

  public HistoryUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

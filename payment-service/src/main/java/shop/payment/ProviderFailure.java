package shop.payment;

import org.jspecify.annotations.Nullable;

/** A call of the PSP that gave no result. No subclass proves that the customer was not charged. */
public abstract sealed class ProviderFailure extends RuntimeException {

  private ProviderFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * No response, or an inconclusive one (timeout, connection error, 5xx): the outcome is unknown.
   */
  public static final class OutcomeUnknown extends ProviderFailure {
    public OutcomeUnknown(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The PSP replayed the error that it stored under this idempotency key: that request has ended,
   * and only a request with another key is executed.
   */
  public static final class ReplayedError extends ProviderFailure {
    public ReplayedError(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The call was not made, or not executed, because there were too many (429): the same call will
   * succeed later. The attempt is not counted.
   */
  public static final class Throttled extends ProviderFailure {
    public Throttled(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The PSP did not execute this call (idempotency key in use); a later one may succeed. */
  public static final class RetryLater extends ProviderFailure {
    public RetryLater(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The PSP rejected the call as invalid; a retry will not help. */
  public static final class Rejected extends ProviderFailure {
    public Rejected(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The PSP fails all refunds, though it may still charge; the attempt is not counted. */
  public static final class RefundsUnavailable extends ProviderFailure {
    public RefundsUnavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The PSP is unavailable, or rejects our API key; the attempt is not counted. */
  public static final class Unavailable extends ProviderFailure {
    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}

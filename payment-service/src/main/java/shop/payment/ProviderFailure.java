package shop.payment;

import org.jspecify.annotations.Nullable;

/** A call of the PSP that brought no result. None of them means that nothing was charged. */
public abstract sealed class ProviderFailure extends RuntimeException {

  private ProviderFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * No answer, or an answer that says nothing (timeout, connection, 5xx): the outcome is unknown.
   */
  public static final class Unanswered extends ProviderFailure {
    public Unanswered(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The PSP repeats the error that it stored under this key: what was asked under it has ended, and
   * only another key does more.
   */
  public static final class Spent extends ProviderFailure {
    public Spent(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Not now (429, a key in use): this call did nothing. */
  public static final class Busy extends ProviderFailure {
    public Busy(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Never: the PSP understands the call and will not do it. Trying again does not help. */
  public static final class Refused extends ProviderFailure {
    public Refused(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The PSP gives nobody money back now, though it may charge; none loses an attempt. */
  public static final class NoRefunds extends ProviderFailure {
    public NoRefunds(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The PSP serves nobody now, or not us; no order is to blame and none loses an attempt. */
  public static final class Down extends ProviderFailure {
    public Down(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}

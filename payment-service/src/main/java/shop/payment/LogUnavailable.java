package shop.payment;

/** The log of payments could not be written or read within the timeout. A retry is safe. */
public final class LogUnavailable extends RuntimeException {

  public LogUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}

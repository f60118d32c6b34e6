package shop.payment;

/** The log did not take a record, or could not be read, in time. Trying again is safe. */
public final class LogUnavailable extends RuntimeException {

  public LogUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}

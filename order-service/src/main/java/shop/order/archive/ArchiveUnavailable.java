package shop.order.archive;

/** PostgreSQL does not answer, not in time, or does not have all orders that have left Redis. */
public final class ArchiveUnavailable extends RuntimeException {

  private final boolean timeout;

  private ArchiveUnavailable(String message, Throwable cause, boolean timeout) {
    super(message, cause);
    this.timeout = timeout;
  }

  /** PostgreSQL lacks records that Redis has let go. */
  public ArchiveUnavailable(String message) {
    super(message);
    this.timeout = false;
  }

  static ArchiveUnavailable from(RuntimeException failure, boolean timeout) {
    return new ArchiveUnavailable(
        "PostgreSQL is unavailable: " + failure.getMessage(), failure, timeout);
  }

  /** True if a query took too long: a narrower one may succeed. */
  public boolean isTimeout() {
    return timeout;
  }
}

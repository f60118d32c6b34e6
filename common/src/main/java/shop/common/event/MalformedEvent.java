package shop.common.event;

/** A record is not a valid event; a retry cannot succeed. */
public final class MalformedEvent extends RuntimeException {

  public MalformedEvent(String message) {
    super(message);
  }

  public MalformedEvent(String message, Throwable cause) {
    super(message, cause);
  }
}

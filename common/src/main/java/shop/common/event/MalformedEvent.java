package shop.common.event;

/** A record that is no event of this platform; trying again does not help. */
public final class MalformedEvent extends RuntimeException {

  public MalformedEvent(String message) {
    super(message);
  }

  public MalformedEvent(String message, Throwable cause) {
    super(message, cause);
  }
}

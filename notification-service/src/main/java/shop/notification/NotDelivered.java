package shop.notification;

/** A delivery that did not go out this time. */
public final class NotDelivered extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message says why, without naming an address
   */
  public NotDelivered(String message) {
    super(message);
  }
}

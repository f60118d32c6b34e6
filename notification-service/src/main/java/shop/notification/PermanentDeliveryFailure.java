package shop.notification;

/** A delivery failed, and no retry can succeed. */
public final class PermanentDeliveryFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message the reason, without an e-mail address
   */
  public PermanentDeliveryFailure(String message) {
    super(message);
  }
}

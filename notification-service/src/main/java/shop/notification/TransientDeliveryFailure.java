package shop.notification;

/** An attempt to send a delivery failed, but a retry may succeed. */
public final class TransientDeliveryFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message the reason, without an e-mail address
   */
  public TransientDeliveryFailure(String message) {
    super(message);
  }
}

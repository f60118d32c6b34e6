package shop.notification;

/**
 * A delivery cannot be attempted now, because what it needs to know cannot be looked up. It is
 * deferred, which uses up no attempt.
 */
public final class DeliveryDeferred extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public DeliveryDeferred(String message, Throwable cause) {
    super(message, cause);
  }
}

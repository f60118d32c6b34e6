package shop.notification;

/** A delivery that no later attempt can bring to its recipient. */
public final class Undeliverable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message says why, without naming an address
   */
  public Undeliverable(String message) {
    super(message);
  }
}

package shop.notification;

/** Hands deliveries of one channel to the outside. */
public interface Messenger {

  Channel channel();

  /**
   * Returns when the next system has taken the delivery.
   *
   * @throws Undeliverable if no later attempt can succeed
   * @throws NotDelivered if a later attempt may succeed
   */
  void send(Delivery delivery);
}

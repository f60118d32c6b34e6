package shop.notification;

/** Sends the deliveries of one channel. */
public interface Messenger {

  Channel channel();

  /**
   * Sends a delivery and returns after the receiving system has accepted it.
   *
   * @throws PermanentDeliveryFailure if no retry can succeed
   * @throws TransientDeliveryFailure if a retry may succeed
   * @throws DeliveryDeferred if nothing could be attempted
   */
  void send(Delivery delivery);
}

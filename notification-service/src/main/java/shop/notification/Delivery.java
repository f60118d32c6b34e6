package shop.notification;

import java.util.UUID;
import shop.common.id.Uuids;

/**
 * One notice to one recipient by one channel.
 *
 * @param id made from all the others but the text: the same event always makes the same delivery
 * @param orderId the order that it is about
 * @param orderSequence the number of the event in the order's history, from 1
 * @param channel the way it goes
 * @param recipient the account that it goes to; its address is looked up when it is sent
 * @param notice what it says
 */
public record Delivery(
    UUID id, UUID orderId, long orderSequence, Channel channel, UUID recipient, Notice notice) {

  /** The delivery of a notice about the order's event of that number. */
  public static Delivery of(
      UUID orderId, long orderSequence, Channel channel, UUID recipient, Notice notice) {
    var id = Uuids.v5(orderId, orderSequence + "/" + channel.label() + "/" + recipient);
    return new Delivery(id, orderId, orderSequence, channel, recipient, notice);
  }
}

package shop.notification;

import java.util.UUID;
import shop.common.id.Uuids;

/**
 * One notice to one recipient over one channel.
 *
 * @param id derived from the order, the sequence, the channel and the recipient: the same event
 *     always produces the same id
 * @param orderId the order that the notice is about
 * @param orderSequence the event's sequence number within the order, from 1
 * @param channel how the notice is sent
 * @param recipient the account that receives the notice; its address is looked up when the notice
 *     is sent
 * @param notice the content
 */
public record Delivery(
    UUID id, UUID orderId, long orderSequence, Channel channel, UUID recipient, Notice notice) {

  /** The delivery of a notice about the order's event with this sequence number. */
  public static Delivery of(
      UUID orderId, long orderSequence, Channel channel, UUID recipient, Notice notice) {
    var id = Uuids.v5(orderId, orderSequence + "/" + channel.label() + "/" + recipient);
    return new Delivery(id, orderId, orderSequence, channel, recipient, notice);
  }
}

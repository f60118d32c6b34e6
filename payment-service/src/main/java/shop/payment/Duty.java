package shop.payment;

import java.util.UUID;
import shop.common.money.Money;

/** What an event of an order asks of this service. */
public sealed interface Duty permits Due, Duty.Cancel, Duty.GiveBack {

  UUID orderId();

  UUID customerId();

  /** The order is cancelled: charge nothing, or give back all that is left. */
  record Cancel(UUID orderId, UUID customerId) implements Duty {}

  /**
   * A part or the whole of what was charged is to be given back.
   *
   * @param refundId the same for every try
   */
  record GiveBack(UUID orderId, UUID customerId, UUID refundId, Money amount) implements Duty {}
}

package shop.payment;

import java.util.UUID;
import shop.common.money.Money;

/** What an event of an order asks of this service. */
public sealed interface PaymentTask permits Due, PaymentTask.Cancel, PaymentTask.GiveBack {

  UUID orderId();

  UUID customerId();

  /** The order is cancelled: charge nothing, or give back all that is left. */
  record Cancel(UUID orderId, UUID customerId) implements PaymentTask {}

  /**
   * A part or the whole of what was charged is to be given back.
   *
   * @param refundId the same for every try
   */
  record GiveBack(UUID orderId, UUID customerId, UUID refundId, Money amount)
      implements PaymentTask {}
}

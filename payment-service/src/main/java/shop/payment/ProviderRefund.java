package shop.payment;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.id.Uuids;
import shop.common.money.Money;

/**
 * A refund as the PSP has it, whoever made it.
 *
 * @param id the PSP's, {@code re_…}
 * @param refundId our id as its metadata tell it; none if it was made by hand
 */
public record ProviderRefund(
    String id, @Nullable String refundId, Money amount, RefundState state) {

  /** The id under which the log tells it, if its metadata name none that the log knows. */
  UUID adoptedId(UUID orderId) {
    return Uuids.v5(orderId, id);
  }

  /** True if it is what the log of its order tells under that id. */
  boolean is(UUID known, UUID orderId) {
    return known.toString().equals(refundId) || known.equals(adoptedId(orderId));
  }
}

package shop.payment;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.id.Uuids;
import shop.common.money.Money;

/**
 * A refund at the PSP, ours or one made by hand.
 *
 * @param id the PSP's id, {@code re_…}
 * @param refundId our id from its metadata; null if the refund was made by hand
 */
public record ProviderRefund(
    String id, @Nullable String refundId, Money amount, RefundState state) {

  /** The id of this refund in the log, if its metadata have none that the log contains. */
  UUID externalId(UUID orderId) {
    return Uuids.v5(orderId, id);
  }

  /** True if the log of its order has this refund under that id. */
  boolean matches(UUID loggedId, UUID orderId) {
    return loggedId.toString().equals(refundId) || loggedId.equals(externalId(orderId));
  }
}

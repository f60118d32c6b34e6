package shop.payment.books;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * What the PSP has on its books. Every call may throw a {@link shop.payment.ProviderFailure},
 * streams while they are read.
 */
public interface ProviderBooks {

  /** Everything that was to be charged and was made in a period, newest first. */
  Stream<Charge> charges(Period period);

  /** Everything that was to be given back and was made in a period, newest first. */
  Stream<Return> returns(Period period);

  /** One charge, by the intent's id. */
  Optional<Charge> charge(String intentId);

  /** One return, by the PSP's id. */
  Optional<Return> giveBack(String id);

  /**
   * An intent with what was charged by it.
   *
   * @param orderId whose it is, if the PSP was told
   * @param received zero if nothing was charged
   */
  record Charge(String intentId, @Nullable String orderId, Money received, Instant createdAt) {}

  /**
   * A refund with what was given back by it.
   *
   * @param orderId whose it is, if the PSP was told
   * @param refundId our id of it, if the PSP was told
   * @param amount zero if nothing was given back
   */
  record Return(
      String id,
      @Nullable String intentId,
      @Nullable String orderId,
      @Nullable String refundId,
      Money amount,
      Instant createdAt) {}
}

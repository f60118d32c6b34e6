package shop.payment;

import java.time.Instant;
import java.util.UUID;
import shop.common.money.Money;

/**
 * The PSP's payment intent of an order: the first one in the log, and the only one that is ever
 * confirmed.
 *
 * @param id the PSP's id, {@code pi_…}
 * @param attempt the number of the attempt that created it, from 1
 * @param startedAt when the log got it
 */
public record Intent(
    UUID orderId, UUID customerId, String id, Money amount, int attempt, Instant startedAt) {}

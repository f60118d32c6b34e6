package shop.payment;

import java.time.Instant;
import java.util.UUID;
import shop.common.money.Money;

/**
 * The PSP's payment intent of an order: the first that the log names, and the only one that is ever
 * confirmed.
 *
 * @param id the PSP's id of it, {@code pi_…}
 * @param attempt which try to pay the order made it, from 1
 * @param startedAt when it was logged
 */
public record Intent(
    UUID orderId, UUID customerId, String id, Money amount, int attempt, Instant startedAt) {}

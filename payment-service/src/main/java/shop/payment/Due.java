package shop.payment;

import java.util.UUID;
import shop.common.money.Money;

/**
 * What a customer owes for an order.
 *
 * @param paymentMethod the PSP's name of it, such as {@code pm_card_visa}
 */
public record Due(UUID orderId, UUID customerId, Money amount, String paymentMethod)
    implements PaymentTask {}

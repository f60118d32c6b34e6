/** How an order is accepted: idempotency, pricing, reservation, command. */
@NullMarked
package shop.order.placement;

import org.jspecify.annotations.NullMarked;

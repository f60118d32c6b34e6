/** Placing an order: pricing, idempotency, reservation, command. */
@NullMarked
package shop.order.placement;

import org.jspecify.annotations.NullMarked;

/** The data in Redis: the order view, idempotency records, stock and reservations. */
@NullMarked
package shop.order.store;

import org.jspecify.annotations.NullMarked;

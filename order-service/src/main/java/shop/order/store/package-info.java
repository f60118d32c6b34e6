/** What Redis holds: view, idempotency records, reservations. */
@NullMarked
package shop.order.store;

import org.jspecify.annotations.NullMarked;

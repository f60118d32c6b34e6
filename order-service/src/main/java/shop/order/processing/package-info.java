/**
 * The order processor, the single writer of orders: it turns commands and payment facts into
 * events.
 */
@NullMarked
package shop.order.processing;

import org.jspecify.annotations.NullMarked;

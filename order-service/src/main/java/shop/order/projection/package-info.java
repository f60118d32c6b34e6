/** Applies the log to Redis, and admits requests when Redis holds all of it. */
@NullMarked
package shop.order.projection;

import org.jspecify.annotations.NullMarked;

/** Orders that leave Redis when they are settled and old; PostgreSQL keeps them. */
@NullMarked
package shop.order.eviction;

import org.jspecify.annotations.NullMarked;

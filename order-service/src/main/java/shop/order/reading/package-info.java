/** Orders as they are read: from Redis, or from PostgreSQL when they have left Redis. */
@NullMarked
package shop.order.reading;

import org.jspecify.annotations.NullMarked;

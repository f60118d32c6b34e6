/** The orders in PostgreSQL: all of them, also those that Redis has let go. */
@NullMarked
package shop.order.archive;

import org.jspecify.annotations.NullMarked;

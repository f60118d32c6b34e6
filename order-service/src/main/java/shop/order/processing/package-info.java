/** The one writer of orders: commands and payment facts in, numbered events out. */
@NullMarked
package shop.order.processing;

import org.jspecify.annotations.NullMarked;

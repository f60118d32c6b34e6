/** Events of orders for those who wait for them: pending commands and open streams. */
@NullMarked
package shop.order.tracking;

import org.jspecify.annotations.NullMarked;

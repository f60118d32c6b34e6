/** What happens to orders, as it happens. */
@NullMarked
package shop.order.tracking;

import org.jspecify.annotations.NullMarked;

/** Finding orders that stay open too long, and helping them on. */
@NullMarked
package shop.order.reconciling;

import org.jspecify.annotations.NullMarked;

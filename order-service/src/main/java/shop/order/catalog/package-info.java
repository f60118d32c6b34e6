/** Products, prices and stock. */
@NullMarked
package shop.order.catalog;

import org.jspecify.annotations.NullMarked;

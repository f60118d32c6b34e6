/** The REST API of products and stock. */
@NullMarked
package shop.order.web.catalog;

import org.jspecify.annotations.NullMarked;

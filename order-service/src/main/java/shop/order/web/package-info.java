/** The REST API of orders. */
@NullMarked
package shop.order.web;

import org.jspecify.annotations.NullMarked;

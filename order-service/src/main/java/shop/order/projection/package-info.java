/** From events to the view that is read. */
@NullMarked
package shop.order.projection;

import org.jspecify.annotations.NullMarked;

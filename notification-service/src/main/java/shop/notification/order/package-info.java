/** From events of orders to deliveries. */
@NullMarked
package shop.notification.order;

import org.jspecify.annotations.NullMarked;

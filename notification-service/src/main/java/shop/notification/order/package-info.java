/** Turns order events into deliveries. */
@NullMarked
package shop.notification.order;

import org.jspecify.annotations.NullMarked;

/** Results of deliveries: the topic notifications, and the table that follows it. */
@NullMarked
package shop.notification.result;

import org.jspecify.annotations.NullMarked;

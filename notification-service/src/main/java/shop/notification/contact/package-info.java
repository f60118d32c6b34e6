/** Customers' addresses: a table that follows the topic accounts. */
@NullMarked
package shop.notification.contact;

import org.jspecify.annotations.NullMarked;

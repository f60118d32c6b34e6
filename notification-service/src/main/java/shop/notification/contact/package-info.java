/** Customers' addresses: the topic accounts, kept in memory. */
@NullMarked
package shop.notification.contact;

import org.jspecify.annotations.NullMarked;

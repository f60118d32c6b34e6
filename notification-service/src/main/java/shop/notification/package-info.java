/** Notices to customers: content, recipient and channel. */
@NullMarked
package shop.notification;

import org.jspecify.annotations.NullMarked;

/** Notices to customers: what they say, whom they go to, and by which way. */
@NullMarked
package shop.notification;

import org.jspecify.annotations.NullMarked;

/** Paying orders: what is due, what the log tells about it, and how a payment is brought about. */
@NullMarked
package shop.payment;

import org.jspecify.annotations.NullMarked;

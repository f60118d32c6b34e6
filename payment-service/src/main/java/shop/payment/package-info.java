/**
 * Payments of orders: the handler, the events, and how a payment is charged, cancelled or refunded.
 */
@NullMarked
package shop.payment;

import org.jspecify.annotations.NullMarked;

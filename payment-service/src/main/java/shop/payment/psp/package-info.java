/** The payment service provider (PSP), called with stripe-java behind circuit breakers. */
@NullMarked
package shop.payment.psp;

import org.jspecify.annotations.NullMarked;

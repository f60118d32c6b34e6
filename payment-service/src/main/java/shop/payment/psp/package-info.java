/** The payment service provider (PSP), reached through stripe-java behind a circuit breaker. */
@NullMarked
package shop.payment.psp;

import org.jspecify.annotations.NullMarked;

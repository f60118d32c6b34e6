/** Payments, refunds and the books in PostgreSQL. */
@NullMarked
package shop.payment.archive;

import org.jspecify.annotations.NullMarked;

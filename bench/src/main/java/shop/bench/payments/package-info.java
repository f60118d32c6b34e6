/** What one payment-service bears. */
@NullMarked
package shop.bench.payments;

import org.jspecify.annotations.NullMarked;

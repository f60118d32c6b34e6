/** Throughput and latency of one payment-service. */
@NullMarked
package shop.bench.payments;

import org.jspecify.annotations.NullMarked;

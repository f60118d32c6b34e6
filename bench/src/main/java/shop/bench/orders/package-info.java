/**
 * Orders under load: throughput, latency, CPU time per order, and whether every order is settled.
 */
@NullMarked
package shop.bench.orders;

import org.jspecify.annotations.NullMarked;

/** Latency and redrive rate of the dead-letter desk. */
@NullMarked
package shop.bench.desk;

import org.jspecify.annotations.NullMarked;

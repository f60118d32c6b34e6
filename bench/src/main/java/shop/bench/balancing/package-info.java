/** Plots of the balancing algorithms in simulated traffic, for docs/load-balancing.md. */
@NullMarked
package shop.bench.balancing;

import org.jspecify.annotations.NullMarked;

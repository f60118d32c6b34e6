/** The minimum that any order service on this stack has to do, as the baseline for comparison. */
@NullMarked
package shop.bench.baseline;

import org.jspecify.annotations.NullMarked;

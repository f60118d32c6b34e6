/** The cost of customer notifications. */
@NullMarked
package shop.bench.notices;

import org.jspecify.annotations.NullMarked;

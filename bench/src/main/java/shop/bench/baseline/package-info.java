/** The least that any order service on this stack has to do, as the limit to compare with. */
@NullMarked
package shop.bench.baseline;

import org.jspecify.annotations.NullMarked;

/** The least that any order service on this stack has to do, as the limit to compare with. */
@NullMarked
package shop.bench.bare;

import org.jspecify.annotations.NullMarked;

/** A Spring Cloud Gateway with one route and no filters of its own. */
@NullMarked
package shop.bench.bare;

import org.jspecify.annotations.NullMarked;

/** What telling customers costs. */
@NullMarked
package shop.bench.notices;

import org.jspecify.annotations.NullMarked;

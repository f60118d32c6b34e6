/** All figures in memory, on every instance. */
@NullMarked
package shop.analytics.board;

import org.jspecify.annotations.NullMarked;

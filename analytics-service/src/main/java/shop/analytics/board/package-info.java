/** An in-memory view of the figures, on every instance. */
@NullMarked
package shop.analytics.board;

import org.jspecify.annotations.NullMarked;

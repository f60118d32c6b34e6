/** An in-memory view of all figures, on every instance. */
@NullMarked
package shop.analytics.board;

import org.jspecify.annotations.NullMarked;

/** Dead letters and what becomes of them. */
@NullMarked
package shop.operations;

import org.jspecify.annotations.NullMarked;

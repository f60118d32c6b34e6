/** Dead letters, the decisions about them, and their outcomes. */
@NullMarked
package shop.operations;

import org.jspecify.annotations.NullMarked;

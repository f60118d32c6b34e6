/** The index of all dead letters, as the log tells it. */
@NullMarked
package shop.operations.desk;

import org.jspecify.annotations.NullMarked;

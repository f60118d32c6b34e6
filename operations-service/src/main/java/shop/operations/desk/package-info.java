/** The in-memory index of all dead letters and decisions, built from the log. */
@NullMarked
package shop.operations.desk;

import org.jspecify.annotations.NullMarked;

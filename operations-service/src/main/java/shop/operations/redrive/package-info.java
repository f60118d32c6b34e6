/** Sending dead letters back: deciding it in the log, then doing what was decided. */
@NullMarked
package shop.operations.redrive;

import org.jspecify.annotations.NullMarked;

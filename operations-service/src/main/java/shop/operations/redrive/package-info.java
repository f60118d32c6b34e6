/** Redrives: appending decisions to the log, and sending the redrives that were decided. */
@NullMarked
package shop.operations.redrive;

import org.jspecify.annotations.NullMarked;

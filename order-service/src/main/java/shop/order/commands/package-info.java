/** Sending commands to the processor through the log, and waiting for their results. */
@NullMarked
package shop.order.commands;

import org.jspecify.annotations.NullMarked;

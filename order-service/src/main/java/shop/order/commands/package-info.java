/** Asking something of the log, and hearing what the processor decided. */
@NullMarked
package shop.order.commands;

import org.jspecify.annotations.NullMarked;

/** The command line behind {@code ./start} and {@code ./stop}. */
@NullMarked
package shop.local.launch;

import org.jspecify.annotations.NullMarked;

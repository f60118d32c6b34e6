/** How fast the dead-letter desk answers and sends back. */
@NullMarked
package shop.bench.desk;

import org.jspecify.annotations.NullMarked;

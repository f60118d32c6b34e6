/** Starts single services for measurements and provides what the measurements share. */
@NullMarked
package shop.bench.platform;

import org.jspecify.annotations.NullMarked;

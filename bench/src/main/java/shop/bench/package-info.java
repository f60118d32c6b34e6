/** Measures a running platform from the outside. */
@NullMarked
package shop.bench;

import org.jspecify.annotations.NullMarked;

/** Measures a running platform from outside. */
@NullMarked
package shop.bench;

import org.jspecify.annotations.NullMarked;

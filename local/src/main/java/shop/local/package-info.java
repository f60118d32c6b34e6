/**
 * The whole platform on one machine: the launcher behind {@code ./start}, and the same for tests.
 */
@NullMarked
package shop.local;

import org.jspecify.annotations.NullMarked;

/** Fault injection for tests and demos. */
@NullMarked
package shop.sandbox.fault;

import org.jspecify.annotations.NullMarked;

/** Faults that tests and demos switch on. */
@NullMarked
package shop.sandbox.fault;

import org.jspecify.annotations.NullMarked;

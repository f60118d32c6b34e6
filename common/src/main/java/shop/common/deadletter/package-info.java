/** Messages that a service gave up on, and their way back. */
@NullMarked
package shop.common.deadletter;

import org.jspecify.annotations.NullMarked;

/** Dead letters: messages that a service could not process, and how they are redriven. */
@NullMarked
package shop.common.deadletter;

import org.jspecify.annotations.NullMarked;

/**
 * A payment provider to develop against: intents, test payment methods and what may happen to them.
 */
@NullMarked
package shop.sandbox;

import org.jspecify.annotations.NullMarked;

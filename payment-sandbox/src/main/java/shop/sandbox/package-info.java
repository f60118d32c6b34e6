/**
 * A payment provider for development: payment intents, test payment methods, refunds and the rules
 * for changing them.
 */
@NullMarked
package shop.sandbox;

import org.jspecify.annotations.NullMarked;

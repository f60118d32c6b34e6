/** The order domain: commands, events, states and the one table of transitions. */
@NullMarked
package shop.order;

import org.jspecify.annotations.NullMarked;

/** The one JSON mapping of all events. */
@NullMarked
package shop.common.json;

import org.jspecify.annotations.NullMarked;

/** The JSON mapping that all events and stored records share. */
@NullMarked
package shop.common.json;

import org.jspecify.annotations.NullMarked;

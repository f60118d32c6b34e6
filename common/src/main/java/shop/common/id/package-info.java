/** Identifiers that are derived from names. */
@NullMarked
package shop.common.id;

import org.jspecify.annotations.NullMarked;

/** Identifiers that are made from other identifiers. */
@NullMarked
package shop.common.id;

import org.jspecify.annotations.NullMarked;

/** Amounts of money. */
@NullMarked
package shop.common.money;

import org.jspecify.annotations.NullMarked;

/** Text that people enter. */
@NullMarked
package shop.common.text;

import org.jspecify.annotations.NullMarked;

/** Times as requests carry them. */
@NullMarked
package shop.common.time;

import org.jspecify.annotations.NullMarked;

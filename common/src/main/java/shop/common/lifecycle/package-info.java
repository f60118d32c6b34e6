/** In which order the parts of a service start; they stop in the reverse order. */
@NullMarked
package shop.common.lifecycle;

import org.jspecify.annotations.NullMarked;

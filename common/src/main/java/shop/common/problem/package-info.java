/** Errors as RFC 9457 problem details. */
@NullMarked
package shop.common.problem;

import org.jspecify.annotations.NullMarked;

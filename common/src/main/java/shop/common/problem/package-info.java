/** Errors as problem details (RFC 9457). */
@NullMarked
package shop.common.problem;

import org.jspecify.annotations.NullMarked;

/** Renders every error of the gateway as problem details (RFC 9457). */
@NullMarked
package shop.gateway.problem;

import org.jspecify.annotations.NullMarked;

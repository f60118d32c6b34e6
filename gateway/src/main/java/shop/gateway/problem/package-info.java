/** Every error of the gateway as problem details. */
@NullMarked
package shop.gateway.problem;

import org.jspecify.annotations.NullMarked;

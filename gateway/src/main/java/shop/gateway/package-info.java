/** The API gateway: the only component that is reachable from outside. */
@NullMarked
package shop.gateway;

import org.jspecify.annotations.NullMarked;

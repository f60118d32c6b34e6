/** Stops sending requests to a service that fails as a whole, until trial requests succeed. */
@NullMarked
package shop.gateway.breaker;

import org.jspecify.annotations.NullMarked;

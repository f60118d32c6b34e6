/** Which instance of which service answers a request. */
@NullMarked
package shop.gateway.routing;

import org.jspecify.annotations.NullMarked;

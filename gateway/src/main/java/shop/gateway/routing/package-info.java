/** Load balancing: chooses the instance of a service that handles a request. */
@NullMarked
package shop.gateway.routing;

import org.jspecify.annotations.NullMarked;

/** Which service gets a request: the routes file. */
@NullMarked
package shop.gateway.routes;

import org.jspecify.annotations.NullMarked;

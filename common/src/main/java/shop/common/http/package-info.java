/** Rules of HTTP that the services and the gateway share; needs neither Servlet API nor WebFlux. */
@NullMarked
package shop.common.http;

import org.jspecify.annotations.NullMarked;

/** What a connection of HTTP/1.x with a client needs and Reactor Netty leaves open. */
@NullMarked
package shop.gateway.http1;

import org.jspecify.annotations.NullMarked;

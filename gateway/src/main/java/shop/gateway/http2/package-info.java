/** What a connection of HTTP/2 with a client needs and Reactor Netty leaves open. */
@NullMarked
package shop.gateway.http2;

import org.jspecify.annotations.NullMarked;

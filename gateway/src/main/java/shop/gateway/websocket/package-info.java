/** WebSockets (RFC 6455) between clients and services. */
@NullMarked
package shop.gateway.websocket;

import org.jspecify.annotations.NullMarked;

/** Where clients connect: TLS, the PROXY protocol, their addresses and regions. */
@NullMarked
package shop.gateway.edge;

import org.jspecify.annotations.NullMarked;

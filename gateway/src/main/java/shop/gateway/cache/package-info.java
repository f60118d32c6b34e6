/** A shared cache of public responses (RFC 9111), and coalescing of the requests that fill it. */
@NullMarked
package shop.gateway.cache;

import org.jspecify.annotations.NullMarked;

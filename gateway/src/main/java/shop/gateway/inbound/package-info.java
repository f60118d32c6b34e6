/** Sanitizes every incoming request before any other filter processes it. */
@NullMarked
package shop.gateway.inbound;

import org.jspecify.annotations.NullMarked;

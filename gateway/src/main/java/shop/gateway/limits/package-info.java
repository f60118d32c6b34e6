/** Rate limits by account, address or principal, in Redis and, without it, in memory. */
@NullMarked
package shop.gateway.limits;

import org.jspecify.annotations.NullMarked;

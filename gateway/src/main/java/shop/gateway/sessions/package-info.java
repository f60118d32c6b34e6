/** Sessions: refresh tokens, the session store in Redis, and revocations. */
@NullMarked
package shop.gateway.sessions;

import org.jspecify.annotations.NullMarked;

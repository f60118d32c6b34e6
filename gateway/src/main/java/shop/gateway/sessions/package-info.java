/** Who is logged in, and which sessions are over. */
@NullMarked
package shop.gateway.sessions;

import org.jspecify.annotations.NullMarked;

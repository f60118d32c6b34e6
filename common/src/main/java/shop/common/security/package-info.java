/** Verification of access tokens, and authentication and authorization of servlet requests. */
@NullMarked
package shop.common.security;

import org.jspecify.annotations.NullMarked;

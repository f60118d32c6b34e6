/**
 * Signing keys: loading them, issuing access tokens with them, and publishing them as a JWK set.
 */
@NullMarked
package shop.gateway.keys;

import org.jspecify.annotations.NullMarked;

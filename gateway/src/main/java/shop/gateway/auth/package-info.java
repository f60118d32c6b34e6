/** Registering, logging in and out, access tokens, and who may pass. */
@NullMarked
package shop.gateway.auth;

import org.jspecify.annotations.NullMarked;

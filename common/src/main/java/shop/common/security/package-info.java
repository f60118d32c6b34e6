/** Verification of access tokens. */
@NullMarked
package shop.common.security;

import org.jspecify.annotations.NullMarked;

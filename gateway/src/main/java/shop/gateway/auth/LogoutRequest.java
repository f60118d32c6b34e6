package shop.gateway.auth;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The body of a logout; it may be missing.
 *
 * @param refreshToken of the session to end; null for that of the access token
 */
record LogoutRequest(@JsonProperty("refresh_token") @Nullable String refreshToken) {

  /** Omits the token: it is a secret. */
  @Override
  public String toString() {
    return "LogoutRequest[…]";
  }
}

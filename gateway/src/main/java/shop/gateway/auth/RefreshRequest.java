package shop.gateway.auth;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotNull;

/** The body of a refresh request: exchanges a refresh token for new tokens. */
record RefreshRequest(
    @JsonProperty("refresh_token") @NotNull(message = "A refresh token is required")
        String refreshToken) {

  /** Omits the token: it is a secret. */
  @Override
  public String toString() {
    return "RefreshRequest[…]";
  }
}

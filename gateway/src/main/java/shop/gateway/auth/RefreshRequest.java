package shop.gateway.auth;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotNull;

/** What a client without a good access token sends to get one. */
record RefreshRequest(
    @JsonProperty("refresh_token") @NotNull(message = "A refresh token is required")
        String refreshToken) {

  /** A secret. */
  @Override
  public String toString() {
    return "RefreshRequest[…]";
  }
}

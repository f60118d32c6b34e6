package shop.gateway.auth;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a login or a refresh gives (RFC 6749, section 5.1).
 *
 * @param expiresIn seconds that the access token is good for
 */
record TokenResponse(
    @JsonProperty("access_token") String accessToken,
    @JsonProperty("token_type") String tokenType,
    @JsonProperty("expires_in") long expiresIn,
    @JsonProperty("refresh_token") String refreshToken) {

  /** Secrets. */
  @Override
  public String toString() {
    return "TokenAnswer[…]";
  }
}

package shop.gateway.auth;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The response to a login or a refresh (RFC 6749, section 5.1).
 *
 * @param expiresIn seconds for which the access token is valid
 */
record TokenResponse(
    @JsonProperty("access_token") String accessToken,
    @JsonProperty("token_type") String tokenType,
    @JsonProperty("expires_in") long expiresIn,
    @JsonProperty("refresh_token") String refreshToken) {

  /** Omits the tokens: they are secrets. */
  @Override
  public String toString() {
    return "TokenResponse[…]";
  }
}

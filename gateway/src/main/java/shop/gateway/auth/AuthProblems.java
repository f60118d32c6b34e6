package shop.gateway.auth;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import shop.common.problem.Problem;

/** The problems of failed authentication and authorization. */
final class AuthProblems {

  private AuthProblems() {}

  static Problem missingToken() {
    return unauthorized("Send a valid access token: Authorization: Bearer …", "Bearer");
  }

  static Problem invalidToken() {
    return unauthorized(
        "The access token is malformed, expired or revoked", "Bearer error=\"invalid_token\"");
  }

  /** The same for a wrong password and for an unknown address, so that neither is revealed. */
  static Problem wrongCredentials() {
    return unauthorized("The address or the password is wrong", "Bearer");
  }

  static Problem invalidRefreshToken() {
    return unauthorized(
        "The refresh token is invalid, expired, revoked or already used; log in again",
        "Bearer error=\"invalid_grant\"");
  }

  static Problem forbidden() {
    return Problem.of(HttpStatus.FORBIDDEN, "forbidden", "Not allowed")
        .detail("This account does not have the role that the call requires");
  }

  private static Problem unauthorized(String detail, String challenge) {
    return Problem.of(HttpStatus.UNAUTHORIZED, "unauthorized", "Not authenticated")
        .detail(detail)
        .header(HttpHeaders.WWW_AUTHENTICATE, challenge);
  }
}

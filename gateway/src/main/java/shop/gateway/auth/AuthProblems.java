package shop.gateway.auth;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import shop.common.problem.Problem;

/** The ways in which a call is not let through. */
final class AuthProblems {

  private AuthProblems() {}

  static Problem noToken() {
    return unauthorized("Send a valid access token: Authorization: Bearer …", "Bearer");
  }

  static Problem invalidToken() {
    return unauthorized(
        "The access token is malformed, expired or revoked", "Bearer error=\"invalid_token\"");
  }

  /** The same for a wrong password and for an address that nobody has. */
  static Problem wrongCredentials() {
    return unauthorized("The address or the password is wrong", "Bearer");
  }

  static Problem wrongRefreshToken() {
    return unauthorized(
        "The refresh token is not good, or not any more: log in", "Bearer error=\"invalid_grant\"");
  }

  static Problem forbidden() {
    return Problem.of(HttpStatus.FORBIDDEN, "forbidden", "Not allowed")
        .detail("This account may not do that");
  }

  private static Problem unauthorized(String detail, String challenge) {
    return Problem.of(HttpStatus.UNAUTHORIZED, "unauthorized", "Not authenticated")
        .detail(detail)
        .header(HttpHeaders.WWW_AUTHENTICATE, challenge);
  }
}

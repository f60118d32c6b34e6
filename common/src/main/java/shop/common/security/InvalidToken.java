package shop.common.security;

/** An access token failed verification. */
public final class InvalidToken extends RuntimeException {

  public InvalidToken(String message, Throwable cause) {
    super(message, cause);
  }
}

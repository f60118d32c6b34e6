package shop.common.security;

/** An access token that proves nothing. */
public final class InvalidToken extends RuntimeException {

  public InvalidToken(String message, Throwable cause) {
    super(message, cause);
  }
}

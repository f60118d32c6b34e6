package shop.common.security;

/** The published keys cannot be fetched and none are cached, so no token can be verified. */
public final class KeysUnavailable extends RuntimeException {

  KeysUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}

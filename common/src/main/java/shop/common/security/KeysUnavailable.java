package shop.common.security;

/** The published keys cannot be fetched and none is known yet; nobody can be recognised. */
public final class KeysUnavailable extends RuntimeException {

  KeysUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}

package shop.gateway.keys;

/** No usable signing key: none is configured, or a key file is not valid. */
final class NoSigningKey extends RuntimeException {

  NoSigningKey(String message, Throwable cause) {
    super(message, cause);
  }

  NoSigningKey(String message) {
    super(message);
  }
}

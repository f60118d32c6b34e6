package shop.gateway.auth;

/** There is no key to sign access tokens with, or one that is none. */
final class NoSigningKey extends RuntimeException {

  NoSigningKey(String message, Throwable cause) {
    super(message, cause);
  }

  NoSigningKey(String message) {
    super(message);
  }
}

package shop.gateway.edge;

/** A certificate or its private key cannot be used. */
final class InvalidCertificate extends RuntimeException {

  private final String remedy;

  InvalidCertificate(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  InvalidCertificate(String message, String remedy, Throwable cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  /** What to do about it. */
  String remedy() {
    return remedy;
  }
}

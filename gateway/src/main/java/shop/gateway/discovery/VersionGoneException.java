package shop.gateway.discovery;

/** Changes since a version are not kept any more: everything must be listed again. */
final class VersionGoneException extends LookUpFailedException {
  private static final long serialVersionUID = 1L;

  VersionGoneException(String message) {
    super(message, null);
  }
}

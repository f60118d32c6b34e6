package shop.gateway.discovery;

import org.jspecify.annotations.Nullable;

/** No name server says whether a name has records: they do not respond, or report an error. */
final class LookUpFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LookUpFailedException(String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
  }
}

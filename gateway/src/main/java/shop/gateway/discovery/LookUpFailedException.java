package shop.gateway.discovery;

import org.jspecify.annotations.Nullable;

/**
 * Who knows the instances does not say them: no name server or API server responds, or it reports
 * an error.
 */
class LookUpFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LookUpFailedException(String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
  }
}

package shop.common.json;

import org.jspecify.annotations.Nullable;

/** Bytes are not JSON of the expected type; a retry cannot succeed. */
public final class MalformedJson extends RuntimeException {

  MalformedJson(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package shop.common.json;

import org.jspecify.annotations.Nullable;

/** Bytes that are not the JSON of the expected type; trying again does not help. */
public final class MalformedJson extends RuntimeException {

  MalformedJson(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

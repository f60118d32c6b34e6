package shop.operations.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as JSON; exactly one of the two fields is present.
 *
 * @param text present if the bytes are valid UTF-8
 * @param base64 present otherwise
 */
record EncodedBytes(@Nullable String text, @Nullable String base64) {

  static @Nullable EncodedBytes of(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new EncodedBytes(text, null);
    } catch (CharacterCodingException e) {
      return new EncodedBytes(null, Base64.getEncoder().encodeToString(bytes));
    }
  }
}

package shop.operations.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in JSON: exactly one of the two.
 *
 * @param text if they are UTF-8
 * @param base64 if not
 */
record Content(@Nullable String text, @Nullable String base64) {

  static @Nullable Content of(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new Content(text, null);
    } catch (CharacterCodingException e) {
      return new Content(null, Base64.getEncoder().encodeToString(bytes));
    }
  }
}

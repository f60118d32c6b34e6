package shop.gateway.inbound;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Paths that two servers could interpret differently. No API path needs them. */
final class RequestPath {

  /**
   * Dot segments, empty segments, path parameters, encoded separators, percent signs and control
   * characters.
   */
  private static final Pattern AMBIGUOUS =
      Pattern.compile(
          "//|/\\.{1,2}(?:/|$)|;|\\\\|%2f|%5c|%2e|%3b|%25|%[01][0-9a-f]|%7f",
          Pattern.CASE_INSENSITIVE);

  private static final int HEX = 16;
  private static final int ESCAPE = 3;

  private RequestPath() {}

  /** True if the raw path has only one meaning. */
  static boolean isUnambiguous(String path) {
    return !AMBIGUOUS.matcher(path).find() && (path.indexOf('%') < 0 || isUtf8(path));
  }

  /** Encoded bytes are UTF-8, without overlong forms (RFC 3629), which hide dots and slashes. */
  private static boolean isUtf8(String path) {
    var bytes = new ByteArrayOutputStream(path.length());
    for (int at = 0; at < path.length(); at++) {
      if (path.charAt(at) == '%') {
        bytes.write(Integer.parseInt(path, at + 1, at + ESCAPE, HEX));
        at += ESCAPE - 1;
      } else {
        bytes.write(path.charAt(at));
      }
    }
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray()));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}

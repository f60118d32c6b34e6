package shop.common.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import shop.common.problem.Problem;
import shop.common.problem.RequestProblems;

/**
 * Checks the text of JSON bodies, which JSON parsers do not: it must be UTF-8 (RFC 8259, 8.1), also
 * without overlong forms, and have no unpaired surrogates (RFC 7493, 2.1), which no UTF-8 can be
 * written for.
 */
public final class JsonBytes {

  private static final int ESCAPE_LENGTH = "\\u0000".length();

  private JsonBytes() {}

  /**
   * Checks a body.
   *
   * @throws Problem 400 if it is not UTF-8 or an escape sequence is an unpaired surrogate
   */
  public static void requireText(byte[] body) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw RequestProblems.malformed("The body is not valid UTF-8");
    }
    if (hasUnpairedSurrogate(text)) {
      throw RequestProblems.malformed(
          "The body has an escape sequence that is half of a surrogate pair");
    }
  }

  private static boolean hasUnpairedSurrogate(String json) {
    int next;
    for (int i = json.indexOf('\\');
        i >= 0 && i + 1 < json.length();
        i = json.indexOf('\\', next)) {
      int code = escapedAt(json, i);
      next = i + (code < 0 ? 2 : ESCAPE_LENGTH);
      if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
        int low = escapedAt(json, next);
        if (code >= Character.MIN_LOW_SURROGATE
            || low < Character.MIN_LOW_SURROGATE
            || low > Character.MAX_LOW_SURROGATE) {
          return true;
        }
        next += ESCAPE_LENGTH;
      }
    }
    return false;
  }

  /** The UTF-16 code unit of the escape sequence at an index; -1 if it is none or malformed. */
  private static int escapedAt(String json, int index) {
    if (!json.startsWith("\\u", index) || index + ESCAPE_LENGTH > json.length()) {
      return -1;
    }
    int code = 0;
    for (int i = index + 2; i < index + ESCAPE_LENGTH; i++) {
      int digit = Character.digit(json.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      code = code << 4 | digit;
    }
    return code;
  }
}

package shop.common.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import shop.common.problem.Problem;
import shop.common.problem.RequestProblems;

/** The parameters of a URL's query, decoded as strictly as UTF-8 and RFC 3986 define it. */
public final class QueryString {

  private QueryString() {}

  /**
   * Decodes a query; {@code +} is a space, as in forms.
   *
   * @param query as it was sent; null if the URL has none
   * @return the values by name, in order
   * @throws Problem 400 if an escape is malformed or the result is not UTF-8
   */
  public static Map<String, List<String>> parse(@Nullable String query) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    if (query == null) {
      return parameters;
    }
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        parameters.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '%') {
        bytes.write(escaped(text, i));
        i += 2;
      } else if (character > 0x7f) {
        throw malformed();
      } else {
        bytes.write(character == '+' ? ' ' : character);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed();
    }
  }

  private static int escaped(String text, int percent) {
    int high = percent + 2 < text.length() ? hexDigit(text.charAt(percent + 1)) : -1;
    int low = percent + 2 < text.length() ? hexDigit(text.charAt(percent + 2)) : -1;
    if (high < 0 || low < 0) {
      throw malformed();
    }
    return high << 4 | low;
  }

  /** Not {@link Character#digit}, which accepts digits of every script. */
  private static int hexDigit(char character) {
    return character > 0x7f ? -1 : Character.digit(character, 16);
  }

  private static Problem malformed() {
    return RequestProblems.malformed("The query is not percent-encoded UTF-8 (RFC 3986)");
  }
}

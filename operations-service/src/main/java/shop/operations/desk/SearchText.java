package shop.operations.desk;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;

/** The searchable text of a dead letter, case-folded. */
final class SearchText {

  private SearchText() {}

  /** Id, cause, headers, key and body, each on its own line. */
  static String of(DeadLetter letter) {
    var text = new StringBuilder(1024).append(letter.id()).append('\n');
    append(text, letter.cause());
    for (Header header : letter.headers()) {
      text.append(header.key()).append(": ");
      append(text, header.value());
    }
    append(text, letter.key());
    append(text, letter.value());
    return folded(text);
  }

  static String of(Cause cause) {
    var text = new StringBuilder();
    append(text, cause);
    return folded(text);
  }

  static String of(String text) {
    return folded(new StringBuilder(text));
  }

  private static void append(StringBuilder text, Cause cause) {
    text.append(cause.exception()).append('\n');
    text.append(cause.message()).append('\n');
    text.append(cause.place()).append('\n');
  }

  /** Invalid UTF-8 becomes replacement characters. */
  private static void append(StringBuilder text, byte @Nullable [] bytes) {
    text.append(bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8)).append('\n');
  }

  /** Folds character by character, so that a substring folds the same as within the whole text. */
  private static String folded(StringBuilder text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      text.setCharAt(i, Character.toLowerCase(Character.toUpperCase(c)));
    }
    return text.toString();
  }
}

package shop.operations.web;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import shop.common.problem.Problem;
import shop.common.problem.RequestProblems;
import shop.operations.RecordPosition;
import shop.operations.desk.Audit.Line;
import shop.operations.desk.ListPosition.Mark;

/** The end of a page, opaque to clients; stays good while new entries come. */
final class Cursor {

  private Cursor() {}

  static String text(Mark end) {
    return encoded(end.failedAt() + " " + end.id());
  }

  static String text(Line end) {
    return encoded(end.at() + " " + end.place().partition() + " " + end.place().offset());
  }

  /**
   * @throws Problem if it is none of the list's
   */
  static Mark entry(String text) {
    try {
      String[] parts = decoded(text).split(" ", 2);
      return new Mark(Instant.parse(parts[0]), parts[1]);
    } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
      throw none();
    }
  }

  /**
   * @throws Problem if it is none of the audit's
   */
  static Line line(String text) {
    try {
      String[] parts = decoded(text).split(" ", 3);
      var place = new RecordPosition(Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
      return new Line(Instant.parse(parts[0]), place, null);
    } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
      throw none();
    }
  }

  private static Problem none() {
    return RequestProblems.malformed("'cursor' is none of this list's");
  }

  private static String encoded(String plain) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String text) {
    return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
  }
}

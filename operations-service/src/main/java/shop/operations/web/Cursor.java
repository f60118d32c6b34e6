package shop.operations.web;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import org.springframework.http.HttpStatus;
import shop.common.problem.Problem;

/** The last entry of a page, opaque to clients; stays good while new entries come. */
record Cursor(Instant failedAt, String id) {

  String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((failedAt + " " + id).getBytes(StandardCharsets.UTF_8));
  }

  static Cursor of(String text) {
    try {
      var plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      int space = plain.indexOf(' ');
      return new Cursor(
          Instant.parse(plain.substring(0, Math.max(0, space))), plain.substring(space + 1));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw Problem.of(HttpStatus.BAD_REQUEST, "malformed-request", "The request is malformed")
          .detail("'cursor' is none of this list's");
    }
  }
}

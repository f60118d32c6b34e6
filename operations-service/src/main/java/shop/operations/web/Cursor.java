package shop.operations.web;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Base64;
import shop.common.problem.Problem;
import shop.common.problem.RequestProblems;
import shop.common.time.Rfc3339;
import shop.operations.RecordPosition;
import shop.operations.desk.AuditLog.AuditPosition;
import shop.operations.desk.SortKey;

/**
 * Encodes the end of a page for clients, who treat it as opaque; new entries do not invalidate it.
 */
final class Cursor {

  private Cursor() {}

  static String encode(SortKey end) {
    return toBase64(end.failedAt() + " " + end.id());
  }

  static String encode(AuditPosition end) {
    return toBase64(end.at() + " " + end.record().partition() + " " + end.record().offset());
  }

  /**
   * Decodes a cursor of the list of entries.
   *
   * @throws Problem 400 if it is invalid
   */
  static SortKey decodeSortKey(String text) {
    try {
      String[] parts = fromBase64(text).split(" ", 2);
      return new SortKey(Rfc3339.parse(parts[0]), parts[1]);
    } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
      throw invalid();
    }
  }

  /**
   * Decodes a cursor of the audit log.
   *
   * @throws Problem 400 if it is invalid
   */
  static AuditPosition decodeAuditPosition(String text) {
    try {
      String[] parts = fromBase64(text).split(" ", 3);
      var position = new RecordPosition(Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
      return new AuditPosition(Rfc3339.parse(parts[0]), position);
    } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
      throw invalid();
    }
  }

  private static Problem invalid() {
    return RequestProblems.malformed(
        "'cursor' is not a cursor of this list. Use the nextCursor of its previous page");
  }

  private static String toBase64(String plain) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  private static String fromBase64(String text) {
    return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
  }
}

package shop.order.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import org.springframework.http.HttpStatus;
import shop.common.problem.Problem;
import shop.order.Order;
import shop.order.OrderCursor;
import shop.order.OrderId;

/** Opaque cursors of list pages. Orders that are placed in the meantime do not shift the pages. */
final class Cursors {

  private Cursors() {}

  static String write(Order last) {
    String text = last.createdAt().toEpochMilli() + "." + last.id();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  static OrderCursor read(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
      int dot = text.indexOf('.');
      return new OrderCursor(
          Long.parseLong(text, 0, Math.max(0, dot), 10), OrderId.parse(text.substring(dot + 1)));
    } catch (IllegalArgumentException e) {
      throw Problem.of(HttpStatus.BAD_REQUEST, "malformed-request", "The request is malformed")
          .detail("'cursor' is not a cursor that this list returned");
    }
  }
}

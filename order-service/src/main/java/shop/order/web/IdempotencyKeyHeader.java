package shop.order.web;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import shop.common.problem.Problem;
import shop.order.IdempotencyKey;

/**
 * The header of the IETF draft "The Idempotency-Key HTTP Header Field". The draft's quoted form and
 * the unquoted form are the same key.
 */
public final class IdempotencyKeyHeader {

  private IdempotencyKeyHeader() {}

  /**
   * The key that a request must carry.
   *
   * @param header the value of its Idempotency-Key header; null if it has none
   * @throws Problem 400 if the header is missing or malformed
   */
  public static IdempotencyKey required(@Nullable String header) {
    if (header == null) {
      throw Problem.of(
              HttpStatus.BAD_REQUEST, "idempotency-key-missing", "Idempotency-Key is missing")
          .detail(
              "Send an Idempotency-Key header, preferably a UUID. A request that is repeated with"
                  + " the same key is executed only once");
    }
    try {
      return parse(header);
    } catch (IllegalArgumentException e) {
      throw Problem.of(
              HttpStatus.BAD_REQUEST, "idempotency-key-malformed", "Malformed Idempotency-Key")
          .detail(e.getMessage());
    }
  }

  /**
   * Parses the header's value, quoted or unquoted.
   *
   * @throws IllegalArgumentException if it is not a key
   */
  static IdempotencyKey parse(String header) {
    String text = header.strip();
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return new IdempotencyKey(quoted ? text.substring(1, text.length() - 1) : text);
  }
}

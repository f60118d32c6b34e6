package shop.order;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import shop.common.problem.Problem;

/**
 * The client's name for one attempt to order: 16 to 255 visible ASCII characters. After the IETF
 * draft "The Idempotency-Key HTTP Header Field"; the draft's quoted form and the bare one are the
 * same key.
 */
public record IdempotencyKey(String value) {

  private static final Pattern VALUE = Pattern.compile("[\\x21-\\x7e]{16,255}");

  /**
   * @throws IllegalArgumentException if the value is no key
   */
  public IdempotencyKey {
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "An Idempotency-Key has 16 to 255 visible ASCII characters; a UUID is best");
    }
  }

  /**
   * The key that a request has to carry.
   *
   * @param header the value of its Idempotency-Key, if there is one
   * @throws Problem 400 if it is missing or none
   */
  public static IdempotencyKey required(@Nullable String header) {
    if (header == null) {
      throw Problem.of(
              HttpStatus.BAD_REQUEST, "idempotency-key-missing", "Idempotency-Key is missing")
          .detail(
              "Send an Idempotency-Key header, best a UUID; the same key never does a thing twice");
    }
    try {
      return parse(header);
    } catch (IllegalArgumentException e) {
      throw Problem.of(
              HttpStatus.BAD_REQUEST, "idempotency-key-malformed", "Malformed Idempotency-Key")
          .detail(e.getMessage());
    }
  }

  /** Reads the header's value, bare or quoted. */
  public static IdempotencyKey parse(String header) {
    String text = header.strip();
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return new IdempotencyKey(quoted ? text.substring(1, text.length() - 1) : text);
  }
}

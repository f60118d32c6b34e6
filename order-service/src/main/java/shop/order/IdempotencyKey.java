package shop.order;

import java.util.regex.Pattern;

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

  /** Reads the header's value, bare or quoted. */
  public static IdempotencyKey parse(String header) {
    String text = header.strip();
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return new IdempotencyKey(quoted ? text.substring(1, text.length() - 1) : text);
  }
}

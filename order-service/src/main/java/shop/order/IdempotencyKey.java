package shop.order;

import java.util.regex.Pattern;

/**
 * The client's name for one attempt to place an order or change something: 16 to 255 visible ASCII
 * characters.
 */
public record IdempotencyKey(String value) {

  private static final Pattern VALUE = Pattern.compile("[\\x21-\\x7e]{16,255}");

  /**
   * @throws IllegalArgumentException if the value is not 16 to 255 visible ASCII characters
   */
  public IdempotencyKey {
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "An Idempotency-Key consists of 16 to 255 visible ASCII characters; use a UUID");
    }
  }
}

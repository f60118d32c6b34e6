package shop.common.http;

/**
 * Numbers in parameters and headers: ASCII digits with an optional minus sign. {@link
 * Long#parseLong} also accepts a plus sign and the digits of every script, Spring also hexadecimal
 * numbers.
 */
public final class DecimalNumbers {

  private DecimalNumbers() {}

  /**
   * Parses a number.
   *
   * @throws NumberFormatException if it is malformed or out of range
   */
  public static int parseInt(String text) {
    requireDigits(text);
    return Integer.parseInt(text);
  }

  /**
   * Parses a number.
   *
   * @throws NumberFormatException if it is malformed or out of range
   */
  public static long parseLong(String text) {
    requireDigits(text);
    return Long.parseLong(text);
  }

  private static void requireDigits(String text) {
    int digits = text.startsWith("-") ? 1 : 0;
    for (int i = digits; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        throw new NumberFormatException("Not a decimal number");
      }
    }
  }
}

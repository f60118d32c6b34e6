package shop.common.money;

/**
 * An amount of one currency.
 *
 * @param amount in minor units of the currency (cents); never a fraction
 * @param currency ISO 4217 code, three upper-case letters
 */
public record Money(long amount, String currency) {

  public Money {
    if (!isCurrencyCode(currency)) {
      throw new IllegalArgumentException(
          "A currency must be three upper-case letters (ISO 4217), not '" + currency + "'");
    }
  }

  /** An amount of 0 in a currency. */
  public static Money zero(String currency) {
    return new Money(0, currency);
  }

  /**
   * The sum of two amounts of one currency.
   *
   * @throws IllegalArgumentException if the currencies differ
   * @throws ArithmeticException on overflow
   */
  public Money plus(Money other) {
    requireSameCurrency(other);
    return new Money(Math.addExact(amount, other.amount), currency);
  }

  /**
   * This amount less another of the same currency; may be negative.
   *
   * @throws IllegalArgumentException if the currencies differ
   * @throws ArithmeticException on overflow
   */
  public Money minus(Money other) {
    requireSameCurrency(other);
    return new Money(Math.subtractExact(amount, other.amount), currency);
  }

  /**
   * This amount multiplied by a factor.
   *
   * @throws ArithmeticException on overflow
   */
  public Money times(long factor) {
    return new Money(Math.multiplyExact(amount, factor), currency);
  }

  private void requireSameCurrency(Money other) {
    if (!currency.equals(other.currency)) {
      throw new IllegalArgumentException(
          "Amounts of " + currency + " and " + other.currency + " cannot be added or subtracted");
    }
  }

  private static boolean isCurrencyCode(String code) {
    return code.length() == 3 && code.chars().allMatch(c -> c >= 'A' && c <= 'Z');
  }
}

package shop.common.money;

import java.math.BigDecimal;
import java.util.Currency;

/** The decimals of currencies, by which amounts in minor units and in major units differ. */
public final class Currencies {

  private Currencies() {}

  /** True if the code is a currency of ISO 4217. */
  public static boolean exists(String code) {
    try {
      return Currency.getInstance(code).getCurrencyCode().equals(code);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * The number of decimals of a currency by ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD.
   *
   * @throws IllegalArgumentException if ISO 4217 has no such currency
   */
  public static int decimals(String code) {
    return Math.max(0, Currency.getInstance(code).getDefaultFractionDigits());
  }

  /**
   * An amount written in major units, such as {@code 12.90} of EUR.
   *
   * @throws IllegalArgumentException if the currency does not exist, or the amount has more
   *     decimals than its currency
   */
  public static Money ofMajorUnits(BigDecimal amount, String code) {
    try {
      return new Money(amount.movePointRight(decimals(code)).longValueExact(), code);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "%s is no amount of %s, which has %d decimals"
              .formatted(amount.toPlainString(), code, decimals(code)),
          e);
    }
  }

  /** An amount in major units, with the decimals of its currency. */
  public static BigDecimal majorUnits(Money money) {
    return BigDecimal.valueOf(money.amount(), decimals(money.currency()));
  }
}

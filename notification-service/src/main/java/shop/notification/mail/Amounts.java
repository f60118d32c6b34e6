package shop.notification.mail;

import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;
import shop.common.money.Currencies;
import shop.common.money.Money;

/** Formats amounts for customers. */
final class Amounts {

  private Amounts() {}

  /**
   * The amount with its currency's symbol and decimals, such as {@code €25.80} or {@code ¥2,580}.
   *
   * @throws IllegalArgumentException if the currency is not in ISO 4217
   */
  static String format(Money money) {
    var currency = Currency.getInstance(money.currency());
    int decimals = Currencies.decimals(money.currency());
    var format = NumberFormat.getCurrencyInstance(Locale.US);
    format.setCurrency(currency);
    format.setMinimumFractionDigits(decimals);
    format.setMaximumFractionDigits(decimals);
    String text = format.format(Currencies.majorUnits(money));
    // Currencies without a symbol get a non-breaking space between code and number.
    return text.replaceFirst("^(\\p{Alpha}+)(?=\\d)", "$1\u00a0");
  }
}

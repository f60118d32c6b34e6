package shop.notification.mail;

import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;
import shop.common.money.Money;

/** Amounts as people write them. */
final class Amounts {

  private Amounts() {}

  /**
   * The amount with its currency's sign and decimals, such as {@code €25.80} or {@code ¥2,580}.
   *
   * @throws IllegalArgumentException if ISO 4217 does not know the currency
   */
  static String format(Money money) {
    var currency = Currency.getInstance(money.currency());
    int decimals = Math.max(0, currency.getDefaultFractionDigits());
    var format = NumberFormat.getCurrencyInstance(Locale.US);
    format.setCurrency(currency);
    format.setMinimumFractionDigits(decimals);
    format.setMaximumFractionDigits(decimals);
    String text = format.format(BigDecimal.valueOf(money.amount(), decimals));
    // Currencies without a sign: a space that does not break between code and number.
    return text.replaceFirst("^(\\p{Alpha}+)(?=\\d)", "$1\u00a0");
  }
}

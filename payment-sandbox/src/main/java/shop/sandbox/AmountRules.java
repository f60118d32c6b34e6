package shop.sandbox;

import java.util.Currency;
import java.util.Locale;
import java.util.Map;

/**
 * The amounts that can be charged in a currency, in its smallest unit as Stripe counts it.
 *
 * @see <a href="https://docs.stripe.com/currencies">Stripe: minimum and maximum charge amounts,
 *     special cases</a>
 */
public final class AmountRules {

  /**
   * Stripe converts other currencies to that of settlement before it compares; the sandbox does
   * not.
   */
  private static final Map<String, Integer> MINIMUM =
      Map.ofEntries(
          Map.entry("usd", 50),
          Map.entry("aed", 200),
          Map.entry("aud", 50),
          Map.entry("bgn", 100),
          Map.entry("brl", 50),
          Map.entry("cad", 50),
          Map.entry("chf", 50),
          Map.entry("czk", 1500),
          Map.entry("dkk", 250),
          Map.entry("eur", 50),
          Map.entry("gbp", 30),
          Map.entry("hkd", 400),
          Map.entry("huf", 17_500),
          Map.entry("inr", 50),
          Map.entry("jpy", 50),
          Map.entry("mxn", 1000),
          Map.entry("myr", 200),
          Map.entry("nok", 300),
          Map.entry("nzd", 50),
          Map.entry("pln", 200),
          Map.entry("ron", 200),
          Map.entry("sek", 300),
          Map.entry("sgd", 50),
          Map.entry("thb", 1000));

  private AmountRules() {}

  /**
   * Checks an amount to charge.
   *
   * @throws StripeError if it is too small, or not a multiple of the currency's step
   */
  public static void check(long amount, String currency) {
    int minimum = MINIMUM.getOrDefault(currency, 1);
    if (amount < minimum) {
      throw StripeError.badParameter(
          "amount_too_small",
          "Amount must be at least %d (smallest unit of %s)".formatted(minimum, currency),
          "amount");
    }
    checkStep(amount, currency);
  }

  /**
   * Checks that an amount has no decimals that the currency's charges cannot have.
   *
   * @throws StripeError if it has
   */
  public static void checkStep(long amount, String currency) {
    int step = step(currency);
    if (amount % step != 0) {
      throw StripeError.badParameter(
          "parameter_invalid_integer",
          "Amounts in %s must be a multiple of %d.".formatted(currency, step),
          "amount");
    }
  }

  private static int step(String currency) {
    return switch (currency) {
      // Currencies without decimals that are counted as if they had two.
      case "isk", "ugx" -> 100;
      default ->
          Currency.getInstance(currency.toUpperCase(Locale.ROOT)).getDefaultFractionDigits() == 3
              ? 10
              : 1;
    };
  }
}

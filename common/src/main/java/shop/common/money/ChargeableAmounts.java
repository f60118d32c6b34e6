package shop.common.money;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The amounts that the payment provider can charge and refund, and the units in which it counts
 * them. Whoever accepts an amount asks {@link #objection}, so that payment-service never receives
 * one that the provider cannot represent; payment-service converts at the provider's edge.
 *
 * @see <a href="https://docs.stripe.com/currencies">Stripe: supported currencies, zero-decimal and
 *     three-decimal currencies, special cases</a>
 */
public final class ChargeableAmounts {

  /**
   * The highest amount, in minor units and in the provider's units: its amounts have at most eight
   * digits. All contracts with an amount have it as their {@code maximum}.
   */
  public static final long MAX = 99_999_999L;

  /** The currencies that the provider charges. */
  private static final Set<String> CURRENCIES =
      Set.of(
          """
          AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL
          BSD BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR
          FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD JOD JPY
          KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP
          MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG
          QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD SZL THB TJS TND TOP TRY
          TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XOF XPF YER ZAR ZMW\
          """
              .split("\\s"));

  /** Decimals with which the provider counts a currency, where they differ from ISO 4217. */
  private static final Map<String, Integer> PROVIDER_DECIMALS =
      Map.of("ISK", 2, "UGX", 2, "MGA", 0);

  /** The last digit of a three-decimal amount must be 0. */
  private static final int THREE_DECIMAL_STEP = 10;

  private ChargeableAmounts() {}

  static Set<String> currencies() {
    return CURRENCIES;
  }

  /** True if the provider charges the currency. */
  public static boolean supports(String currency) {
    return CURRENCIES.contains(currency);
  }

  /**
   * Why the provider cannot charge or refund an amount, as the end of a sentence; empty if it can.
   */
  public static Optional<String> objection(Money money) {
    String currency = money.currency();
    if (!supports(currency)) {
      return Optional.of(
          "must be in a currency that the payment provider charges, not %s".formatted(currency));
    }
    long step = step(currency);
    long max = Math.min(MAX, shift(MAX, -shiftOf(currency)));
    if (money.amount() > max) {
      return Optional.of("must be at most %d (minor units of %s)".formatted(max, currency));
    }
    return money.amount() % step == 0
        ? Optional.empty()
        : Optional.of("must be a multiple of %d (minor units of %s)".formatted(step, currency));
  }

  /**
   * An amount in the provider's units.
   *
   * @throws IllegalArgumentException if the provider cannot represent it
   */
  public static long toProviderUnits(Money money) {
    int shift = shiftOf(money.currency());
    if (money.amount() % step(money.currency()) != 0) {
      throw new IllegalArgumentException(
          "The payment provider cannot represent an amount of %d (minor units of %s)"
              .formatted(money.amount(), money.currency()));
    }
    return shift(money.amount(), shift);
  }

  /**
   * An amount that the provider states in its units; a fraction of a minor unit, which the provider
   * does not charge, is rounded down.
   */
  public static Money ofProviderUnits(long units, String currency) {
    return new Money(shift(units, -shiftOf(currency)), currency);
  }

  /** The smallest difference between amounts that can be charged, in minor units. */
  private static long step(String currency) {
    int shift = shiftOf(currency);
    return shift < 0
        ? shift(1, -shift)
        : Currencies.decimals(currency) == 3 ? THREE_DECIMAL_STEP : 1;
  }

  /** By how many digits the provider's units are smaller than minor units. */
  private static int shiftOf(String currency) {
    int decimals = Currencies.decimals(currency);
    return PROVIDER_DECIMALS.getOrDefault(currency, decimals) - decimals;
  }

  private static long shift(long amount, int digits) {
    long factor = 1;
    for (int i = 0; i < Math.abs(digits); i++) {
      factor *= 10;
    }
    return digits < 0 ? Math.floorDiv(amount, factor) : Math.multiplyExact(amount, factor);
  }
}

package shop.common.money;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChargeableAmountsTest {

  @ParameterizedTest
  @CsvSource({
    "2580, EUR, 2580",
    "150, JPY, 150",
    "1230, KWD, 1230",
    "150, ISK, 15000",
    "150, UGX, 15000",
    "15000, MGA, 150",
    "99999999, EUR, 99999999",
    "999999, ISK, 99999900"
  })
  void amountsAreConvertedToTheUnitsOfTheProviderAndBack(long minor, String currency, long units) {
    var money = new Money(minor, currency);

    assertThat(ChargeableAmounts.objection(money)).isEmpty();
    assertThat(ChargeableAmounts.toProviderUnits(money)).isEqualTo(units);
    assertThat(ChargeableAmounts.ofProviderUnits(units, currency)).isEqualTo(money);
  }

  @ParameterizedTest
  @CsvSource({
    "100000000, EUR, must be at most 99999999 (minor units of EUR)",
    "1000000, ISK, must be at most 999999 (minor units of ISK)",
    "1234, KWD, must be a multiple of 10 (minor units of KWD)",
    "150, MGA, must be a multiple of 100 (minor units of MGA)",
    "100, XTS, 'must be in a currency that the payment provider charges, not XTS'"
  })
  void amountsThatTheProviderCannotChargeAreNamed(long minor, String currency, String objection) {
    assertThat(ChargeableAmounts.objection(new Money(minor, currency))).contains(objection);
  }

  @Test
  void everyChargeableCurrencyIsInIso4217() {
    assertThat(ChargeableAmounts.currencies()).hasSizeGreaterThan(130).allMatch(Currencies::exists);
  }
}

package shop.common.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CurrenciesTest {

  @ParameterizedTest
  @CsvSource({"12.90, EUR, 1290", "1290, JPY, 1290", "1.234, KWD, 1234", "1290, ISK, 1290"})
  void majorUnitsAreReadAndWrittenWithTheDecimalsOfTheCurrency(
      BigDecimal major, String currency, long minor) {
    assertThat(Currencies.ofMajorUnits(major, currency)).isEqualTo(new Money(minor, currency));
    assertThat(Currencies.majorUnits(new Money(minor, currency))).isEqualTo(major);
  }

  @Test
  void moreDecimalsThanTheCurrencyHasAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Currencies.ofMajorUnits(new BigDecimal("12.90"), "JPY"))
        .withMessageContaining("JPY, which has 0 decimals");
  }

  @Test
  void onlyCurrenciesOfIso4217Exist() {
    assertThat(Currencies.exists("EUR")).isTrue();
    assertThat(Currencies.exists("EUX")).isFalse();
    assertThat(Currencies.exists("eur")).isFalse();
  }
}

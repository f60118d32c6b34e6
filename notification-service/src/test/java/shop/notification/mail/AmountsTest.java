package shop.notification.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shop.common.money.Money;

class AmountsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2580   | EUR | €25.80
          5      | USD | $0.05
          123456 | GBP | £1,234.56
          2580   | JPY | ¥2,580
          1234   | KWD | KWD 1.234
          """)
  void amountHasItsCurrencysSymbolAndDecimals(long amount, String currency, String text) {
    assertThat(Amounts.format(new Money(amount, currency)).replace('\u00a0', ' ')).isEqualTo(text);
  }
}

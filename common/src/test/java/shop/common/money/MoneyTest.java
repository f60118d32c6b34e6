package shop.common.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MoneyTest {

  @Property
  void timesEqualsRepeatedAddition(@ForAll int amount, @ForAll @IntRange(max = 50) int times) {
    var sum = Money.zero("EUR");
    for (int i = 0; i < times; i++) {
      sum = sum.plus(new Money(amount, "EUR"));
    }

    assertThat(new Money(amount, "EUR").times(times)).isEqualTo(sum);
  }

  @Test
  void addingDifferentCurrenciesFails() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Money(1, "EUR").plus(new Money(1, "USD")));
  }

  @Test
  void overflowFails() {
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> new Money(Long.MAX_VALUE, "EUR").plus(new Money(1, "EUR")));
  }

  @Test
  void aCurrencyMustBeThreeUpperCaseLetters() {
    for (var code : new String[] {"", "eur", "EURO", "E1R"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> new Money(1, code));
    }
  }
}

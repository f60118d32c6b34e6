package shop.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns of headers and cookies. */
class WildcardTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1, true",
    "1, 11, false",
    "1, '', false",
    "*, '', true",
    "*, anything, true",
    "ShopApp/*, ShopApp/2.1, true",
    "ShopApp/*, Mozilla ShopApp/2.1, false",
    "*Mobile*, Mozilla Mobile Safari, true",
    "*Mobile*, mobile, false",
    "a*b*c, abc, true",
    "a*b*c, a-b-b-c, true",
    "a*b*c, a-b-c-d, false",
    "*ab, aab, true",
    "a.c, abc, false",
    "(a+)+, aaa, false"
  })
  void starsAreAnyTextAndNothingElseIsSpecial(String pattern, String value, boolean expected) {
    assertThat(new Wildcard(pattern).matches(value)).isEqualTo(expected);
  }

  @Test
  void noValueTakesExponentialTime() {
    var pattern = new Wildcard("*a".repeat(60) + "*b");

    var _ =
        assertTimeoutPreemptively(
            Duration.ofMinutes(1), () -> pattern.matches("a".repeat(16 * 1024)));
  }

  @Test
  void lengthIsLimited() {
    assertThatThrownBy(() -> new Wildcard("")).hasMessage("a pattern has 1 to 128 characters");
    assertThatThrownBy(() -> new Wildcard("a".repeat(129)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

package shop.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StickyCookieTest {

  private static final String NEW = key(1);
  private static final String OLD = key(2);
  private static final String A = "orders@10.0.0.1:8080";
  private static final String B = "orders@10.0.0.2:8080";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LIFE = Duration.ofHours(2);

  private final StickyCookie cookie = at(START, "orders", NEW, OLD);

  @Test
  void aCookieNamesItsInstance() {
    assertThat(cookie.read(cookie.bindTo(A))).isEqualTo(new StickyCookie.Binding(A, true));
    assertThat(cookie.read(cookie.bindTo(B))).isEqualTo(new StickyCookie.Binding(B, true));
  }

  @Test
  void aCookieRevealsNoAddress() {
    var value = cookie.bindTo(A);

    assertThat(value).matches("[\\w-]{16}\\.\\d{10}\\.[\\w-]{43}");
    assertThat(value.substring(0, 16))
        .isNotEqualTo(at(START, "orders", OLD).bindTo(A).substring(0, 16));
  }

  @Test
  void aChangedCookieIsForged() {
    var value = cookie.bindTo(A);
    for (int n = 0; n < value.length(); n++) {
      char other = value.charAt(n) == '1' ? '2' : '1';
      var forged = value.substring(0, n) + other + value.substring(n + 1);
      assertThat(cookie.read(forged)).as(forged).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "...", "a", "a.b", "a.b.c", "a.1.c", "🍪.1.🍪"})
  void whatIsNoCookieOfOursIsIgnored(String value) {
    assertThat(cookie.read(value)).isNull();
    assertThat(cookie.read(value + "x".repeat(10_000))).isNull();
  }

  @Test
  void aCookieOfAnotherServiceIsForeign() {
    assertThat(cookie.read(at(START, "payments", NEW).bindTo(A))).isNull();
  }

  @Test
  void aCookieOfAnUnknownKeyIsForeign() {
    assertThat(cookie.read(at(START, "orders", key(3)).bindTo(A))).isNull();
  }

  @Test
  void aCookieOfTheOlderKeyIsReadAndReplaced() {
    var before = at(START, "orders", OLD).bindTo(A);

    assertThat(cookie.read(before)).isEqualTo(new StickyCookie.Binding(A, false));
  }

  @Test
  void aCookieIsReplacedWhenHalfOfItsLifeIsOverAndThenExpires() {
    var value = cookie.bindTo(A);

    assertThat(later(LIFE.dividedBy(2).minusSeconds(1)).read(value))
        .isEqualTo(new StickyCookie.Binding(A, true));
    assertThat(later(LIFE.dividedBy(2)).read(value)).isEqualTo(new StickyCookie.Binding(A, false));
    assertThat(later(LIFE.minusSeconds(1)).read(value))
        .isEqualTo(new StickyCookie.Binding(A, false));
    assertThat(later(LIFE).read(value)).isNull();
  }

  @Test
  void anInstanceThatIsGoneIsNotNamed() {
    var value = cookie.bindTo(A);

    cookie.onDiscovered(List.of(B));
    assertThat(cookie.read(value)).isNull();

    cookie.onDiscovered(List.of(A));
    assertThat(cookie.read(value)).isEqualTo(new StickyCookie.Binding(A, true));
  }

  @Test
  void weakKeysAreRefusedAndNoKeyIsPrinted() {
    var short31 = Base64.getEncoder().encodeToString(new byte[31]);
    for (var keys : List.of(List.of(short31), List.of("not base64!"), List.of(NEW, OLD, key(3)))) {
      assertThatThrownBy(() -> new StickySettings(keys, LIFE))
          .hasMessageContaining("openssl rand -base64 32");
    }
    assertThat(new StickySettings(List.of(NEW), LIFE).toString()).doesNotContain(NEW);
  }

  private StickyCookie later(Duration time) {
    return at(START.plus(time), "orders", NEW, OLD);
  }

  private static StickyCookie at(Instant time, String service, String... keys) {
    var cookie =
        new StickyCookie(
            service, new StickySettings(List.of(keys), LIFE), Clock.fixed(time, ZoneOffset.UTC));
    cookie.onDiscovered(List.of(A, B));
    return cookie;
  }

  private static String key(int number) {
    var bytes = new byte[32];
    bytes[0] = (byte) number;
    return Base64.getEncoder().encodeToString(bytes);
  }
}

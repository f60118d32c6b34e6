package shop.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

/** How long a response may be reused, by its headers (RFC 9111, 4.2 and 5.2.2; RFC 5861). */
class FreshnessTest {

  private static final Duration MAX_STALE = Duration.ofMinutes(5);

  private final HttpHeaders headers = new HttpHeaders();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-age=5 | 5",
        "public, MAX-AGE=5 | 5",
        "max-age=\"5\" | 5",
        "s-maxage=7, max-age=5 | 7",
        "max-age=5, s-maxage=0 | 0",
        "max-age=99999999999999999999 | 2147483647",
        "max-age=-1 | 0",
        "max-age=1.5 | 0",
        "max-age | 0",
        "max-age=5, max-age=6 | 0",
        "x=\"max-age=9\", max-age=5 | 5",
      })
  void theLifetimeIsExplicit(String cacheControl, long seconds) {
    assertThat(required(cacheControl).lifetime()).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void withoutALifetimeNothingIsFresh() {
    headers.set(HttpHeaders.LAST_MODIFIED, "Sat, 21 Nov 2015 09:30:00 GMT");

    assertThat(freshness("public")).isNull();
  }

  @Test
  void expiresCountsFromDateWhateverTheClockHere() {
    headers.set(HttpHeaders.DATE, "Sat, 21 Nov 2015 09:30:00 GMT");
    headers.set(HttpHeaders.EXPIRES, "Sat, 21 Nov 2015 09:31:00 GMT");

    assertThat(required("public").lifetime()).isEqualTo(Duration.ofMinutes(1));
    assertThat(required("max-age=5").lifetime()).isEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "never", "Sat, 21 Nov 2015 09:29:00 GMT"})
  void anInvalidOrPastExpiresIsNoLifetime(String expires) {
    headers.set(HttpHeaders.DATE, "Sat, 21 Nov 2015 09:30:00 GMT");
    headers.set(HttpHeaders.EXPIRES, expires);

    assertThat(required("public").lifetime()).isZero();
  }

  @Test
  void theReceivedAgeAndTheDelayCount() {
    headers.set(HttpHeaders.AGE, "4");

    var freshness = required("max-age=10");

    assertThat(freshness.initialAge()).isEqualTo(Duration.ofSeconds(5));
    assertThat(freshness.remaining()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void staleTimesAreLimited() {
    var freshness = required("max-age=1, stale-while-revalidate=30, stale-if-error=86400");

    assertThat(freshness.whileRevalidate()).isEqualTo(Duration.ofSeconds(30));
    assertThat(freshness.ifError()).isEqualTo(MAX_STALE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"must-revalidate", "proxy-revalidate", "s-maxage=1"})
  void aServiceCanForbidStaleResponses(String directive) {
    var freshness =
        required("max-age=1, stale-while-revalidate=30, stale-if-error=30, " + directive);

    assertThat(freshness.whileRevalidate()).isZero();
    assertThat(freshness.ifError()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "private",
        "no-store",
        "No-Cache",
        "private=\"X-A\"",
        "max-age=5 , no-cache=\"a\""
      })
  void aServiceCanForbidSharedCaching(String cacheControl) {
    assertThat(CacheControl.parse(List.of("max-age=5", cacheControl)).forbidsSharedCaching())
        .isTrue();
  }

  private Freshness required(String cacheControl) {
    return Objects.requireNonNull(freshness(cacheControl));
  }

  private @Nullable Freshness freshness(String cacheControl) {
    return Freshness.of(
        CacheControl.parse(List.of(cacheControl)), headers, Duration.ofSeconds(1), MAX_STALE);
  }
}

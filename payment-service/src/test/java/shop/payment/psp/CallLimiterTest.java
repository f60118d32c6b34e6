package shop.payment.psp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallLimiterTest {

  private static final String CREATE = "POST /v1/payment_intents";
  private static final String CONFIRM = "POST /v1/payment_intents/{id}/confirm";

  private final AtomicLong now = new AtomicLong(1_000_000_000_000L);

  @Test
  void callsOfASecondStayBelowTheRateAndItsBurst() throws Exception {
    var limiter = new CallLimiter(1000, 20, now::get);

    assertThat(made(limiter, CREATE, 1000)).isBetween(20, 25);
    assertThat(made(limiter, CREATE, 1000)).isBetween(19, 20);
  }

  @Test
  void anotherEndpointHasItsOwnRateAndTheAccountLimitsAll() throws Exception {
    var limiter = new CallLimiter(30, 20, now::get);

    assertThat(made(limiter, CREATE, 1000)).isBetween(20, 25);
    now.addAndGet(Duration.ofSeconds(10).toNanos());
    int both = 0;
    for (int i = 0; i < 1000; i++) {
      now.addAndGet(1_000_000);
      both += limiter.acquire(CREATE, Duration.ZERO).isPresent() ? 1 : 0;
      both += limiter.acquire(CONFIRM, Duration.ZERO).isPresent() ? 1 : 0;
    }
    assertThat(both).isBetween(30, 38);
  }

  @Test
  void aCallThatWouldWaitTooLongIsNotMadeAndTakesNoToken() throws Exception {
    var limiter = new CallLimiter(1000, 4, now::get);
    assertThat(limiter.acquire(CREATE, Duration.ZERO)).contains(Duration.ZERO);

    assertThat(limiter.acquire(CREATE, Duration.ofMillis(100))).isEmpty();

    now.addAndGet(Duration.ofMillis(250).toNanos());
    assertThat(limiter.acquire(CREATE, Duration.ZERO)).contains(Duration.ZERO);
  }

  @Test
  void a429HalvesTheRateOnceASecondAndItRecovers() {
    var limiter = new CallLimiter(80, 20, now::get);

    assertThat(limiter.onRateLimited(CREATE, "global-rate")).isTrue();
    assertThat(limiter.onRateLimited(CONFIRM, "global-rate")).isTrue();
    assertThat(limiter.rate()).isEqualTo(40);

    now.addAndGet(Duration.ofSeconds(30).toNanos());
    assertThat(limiter.rate()).isEqualTo(80);
  }

  @Test
  void a429OfAnEndpointSlowsOnlyThatEndpoint() throws Exception {
    var limiter = new CallLimiter(80, 20, now::get);

    limiter.onRateLimited(CREATE, "endpoint-rate");

    assertThat(limiter.rate()).isEqualTo(80);
    assertThat(limiter.acquire(CREATE, Duration.ZERO)).isEmpty();
    assertThat(limiter.acquire(CONFIRM, Duration.ZERO)).isPresent();
  }

  @Test
  void closingEndsTheWaits() throws Exception {
    var limiter = new CallLimiter(1, 1, now::get);
    limiter.acquire(CREATE, Duration.ZERO);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = executor.submit(() -> limiter.acquire(CREATE, Duration.ofHours(1)));
      // Its clock stands still, and an hour's tokens were not produced: only closing ends it.
      limiter.close();

      await().until(waiting::isDone);
      assertThat(waiting.resultNow()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/payment_intents, POST /v1/payment_intents",
    "GET, /v1/payment_intents/pi_abc, GET /v1/payment_intents/{id}",
    "POST, /v1/payment_intents/pi_3Q/confirm, POST /v1/payment_intents/{id}/confirm",
    "GET, /v1/refunds/re_x, GET /v1/refunds/{id}"
  })
  void callsOfDifferentObjectsAreOneEndpoint(String method, String path, String endpoint) {
    assertThat(CallLimiter.endpoint(method, path)).isEqualTo(endpoint);
  }

  /** The calls that are made within a second, of one each millisecond. */
  private int made(CallLimiter limiter, String endpoint, int millis) throws InterruptedException {
    int made = 0;
    for (int i = 0; i < millis; i++) {
      now.addAndGet(1_000_000);
      made += limiter.acquire(endpoint, Duration.ZERO).isPresent() ? 1 : 0;
    }
    return made;
  }
}

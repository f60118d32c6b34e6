package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static shop.balancing.Fleet.MILLI;
import static shop.balancing.Fleet.SECOND;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryBudgetTest {

  private static int retries(RetryBudget budget, int tries, long now) {
    int allowed = 0;
    for (int n = 0; n < tries; n++) {
      allowed += budget.tryRetry(now) ? 1 : 0;
    }
    return allowed;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -3_000_000_000L, 123_456_789_012L, Long.MIN_VALUE, Long.MAX_VALUE})
  void aFifthOfTheRequestsAndTheMinimumAreAllowed(long now) {
    var budget = new RetryBudget();
    for (int n = 0; n < 1000; n++) {
      budget.onRequest(now);
    }

    assertThat(retries(budget, 1000, now)).isEqualTo(200 + 30);
  }

  @Test
  void aQuietServiceMayRetryAFewTimes() {
    assertThat(retries(new RetryBudget(), 1000, 0)).isEqualTo(30);
    assertThat(retries(new RetryBudget(20, 0), 1000, 0)).isZero();
  }

  @Test
  void requestsAndRetriesOlderThanTheWindowAreForgotten() {
    var budget = new RetryBudget(20, 1);
    for (int n = 0; n < 1000; n++) {
      budget.onRequest(0);
    }
    assertThat(retries(budget, 1000, 9 * SECOND)).isEqualTo(210);

    assertThat(retries(budget, 1000, 10 * SECOND)).isZero();
    assertThat(retries(budget, 1000, 19 * SECOND)).isEqualTo(10);
  }

  @Test
  void aLongPauseLeavesNothingBehind() {
    var budget = new RetryBudget(20, 0);
    for (int n = 0; n < 1000; n++) {
      budget.onRequest(5 * SECOND);
    }

    assertThat(retries(budget, 10, (5 + 10 * 1000) * SECOND)).isZero();
  }

  /** Every call fails and asks for a retry each time, at 1,000 requests a second for a minute. */
  @Test
  void whenEverythingFailsTheLoadGrowsByTheShareOnly() {
    var budget = new RetryBudget(20, 0);
    int retries = 0;
    for (int n = 0; n < 60_000; n++) {
      budget.onRequest(n * MILLI);
      retries += retries(budget, 3, n * MILLI);
    }

    assertThat(retries).isBetween(11_900, 12_000);
  }

  @Test
  void concurrentRetriesDoNotExceedTheBudget() throws Exception {
    var budget = new RetryBudget(20, 0);
    var time = new AtomicLong();
    try (var threads = Executors.newFixedThreadPool(4)) {
      Callable<Integer> work =
          () -> {
            int allowed = 0;
            for (int n = 0; n < 20_000; n++) {
              long now = time.addAndGet(MILLI / 100);
              budget.onRequest(now);
              allowed += budget.tryRetry(now) ? 1 : 0;
            }
            return allowed;
          };
      int allowed =
          threads.invokeAll(IntStream.range(0, 4).mapToObj(_ -> work).toList()).stream()
              .mapToInt(RetryBudgetTest::get)
              .sum();

      assertThat(allowed).isBetween(15_900, 16_000);
    }
  }

  private static int get(Future<Integer> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void badSettingsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryBudget(101, 0))
        .withMessageContaining("percent");
  }
}

package shop.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When Redis is asked again. */
class RedisAvailabilityTest {

  private final AtomicLong now = new AtomicLong(-5);
  private final RedisAvailability redis = new RedisAvailability(Duration.ofSeconds(1), now::get);

  @Test
  void threeFailuresInSuccessionStopRequestsFromAsking() {
    fail(2);
    redis.succeeded();
    fail(2);
    assertThat(redis.mayAsk()).isTrue();

    fail(1);

    assertThat(redis.mayAsk()).isFalse();
  }

  @Test
  void thenOneRequestPerIntervalAsksAndTheFirstAnswerLetsAllAsk() {
    fail(3);
    now.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(redis.mayAsk()).isTrue();
    assertThat(redis.mayAsk()).isFalse();
    fail(1);
    assertThat(redis.mayAsk()).isFalse();
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(redis.mayAsk()).isTrue();
    redis.succeeded();

    assertThat(redis.mayAsk()).isTrue();
    assertThat(redis.mayAsk()).isTrue();
  }

  private void fail(int times) {
    for (int number = 0; number < times; number++) {
      redis.failed(new TimeoutException());
    }
  }
}

package shop.order.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A batcher on a real Redis; ConcurrentClaimsTest tests how requests share a run. */
@Tag("slow")
@ResourceLock("service")
class ScriptBatcherTest {

  private static OpenRedis redis;

  @BeforeAll
  static void start() {
    redis = new OpenRedis(Duration.ofSeconds(30));
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void aMalformedReplyFailsItsRequestAndDoesNotBlockTheNext() {
    var batcher =
        new ScriptBatcher(redis.redis, Script.SUSPEND, List.of("idempotency:none"), List.of());
    for (int i = 0; i < 2; i++) {
      assertThat(
              CompletableFuture.runAsync(
                  () -> batcher.execute(List.of(), List.of("a number, no list"))))
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .withCauseInstanceOf(RedisUnavailable.class);
    }
  }
}

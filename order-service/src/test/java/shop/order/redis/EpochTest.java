package shop.order.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import shop.order.redis.Epoch.EpochState;

/** A real Redis is opened only by who has waited for the very state that it is in. */
@Tag("slow")
@ResourceLock("service")
class EpochTest {

  private static final Map<TopicPartition, Long> EMPTY_LOG = Map.of();

  private static OpenRedis redis;

  private long nanos;
  private final Epoch one = new Epoch(redis.redis, () -> nanos);
  private final Epoch two = new Epoch(redis.redis, () -> nanos);

  @BeforeAll
  static void start() {
    redis = new OpenRedis(Duration.ofSeconds(30));
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void redisIsEmpty() {
    redis.view.redis().flushall();
  }

  @Test
  void allInstancesWaitForTheSameStateAndTheFirstOpensIt() {
    String mark = closed(one).mark();
    assertThat(closed(two).mark()).isEqualTo(mark);

    assertThat(one.begin(mark, EMPTY_LOG)).isTrue();

    assertThat(two.begin(mark, EMPTY_LOG)).isFalse();
    assertThat(two.check()).isInstanceOf(EpochState.Registering.class);
    assertThat(redis.view.redis().exists("opening")).isZero();
  }

  @Test
  void anOpenRedisIsNotMarkedByWhoFoundItClosedAMomentBefore() {
    one.begin(closed(one).mark(), EMPTY_LOG);
    String epoch = redis.view.redis().get("epoch");
    String run = epoch.substring(0, epoch.indexOf(':') + 1);

    var reply =
        redis.redis.runForText(
            Script.MARK_OPENING, List.of(Keys.OPENING, Keys.EPOCH), List.of(run, run + "late"));

    assertThat(reply).isEmpty();
    assertThat(redis.view.redis().exists("opening")).isZero();
  }

  @Test
  void aRedisThatWasOpenedAndEmptiedAgainIsNotOpenedByWhoWaitedForTheFirstTime() {
    String first = closed(one).mark();
    two.begin(closed(two).mark(), EMPTY_LOG);
    redis.view.redis().flushall();

    assertThat(one.begin(first, EMPTY_LOG)).isFalse();
    String second = closed(one).mark();
    assertThat(second).isNotEqualTo(first);
    assertThat(one.begin(first, EMPTY_LOG)).isFalse();
    assertThat(one.begin(second, EMPTY_LOG)).isTrue();
  }

  @Test
  void aMarkOfAnEarlierRunOfRedisCountsForNothing() {
    redis.view.redis().set("epoch", "another-run:1");
    redis.view.redis().set("opening", "another-run:2");

    var closed = closed(one);

    assertThat(closed.restarted()).isTrue();
    assertThat(closed.mark()).isNotEqualTo("another-run:2");
    assertThat(one.begin("another-run:2", EMPTY_LOG)).isFalse();
    assertThat(one.begin(closed.mark(), EMPTY_LOG)).isTrue();
  }

  @Test
  void anInstanceWritesOnlyWhenRedisCannotForgetItInACrash() {
    one.begin(closed(one).mark(), EMPTY_LOG);

    assertThat(one.check()).isInstanceOf(EpochState.Registering.class);
    assertThat(redis.view.redis().scard("writers")).isOne();
    nanos += Duration.ofMillis(1999).toNanos();
    assertThat(one.check()).isInstanceOf(EpochState.Registering.class);
    assertThat(one.isOpen()).isFalse();
    nanos += Duration.ofMillis(1).toNanos();
    assertThat(one.check()).isInstanceOf(EpochState.Open.class);
    assertThat(one.isOpen()).isTrue();
  }

  @Test
  void aRedisWithoutAnAppendOnlyFileMayHaveForgottenWriters() {
    assertThat(one.mayHaveWriters()).isFalse();
    redis.view.redis().configSet("appendonly", "no");
    try {
      assertThat(one.mayHaveWriters()).isTrue();
    } finally {
      redis.view.redis().configSet("appendonly", "yes");
    }
  }

  @Test
  void anInstanceClosesRedisForAllOfThem() {
    one.begin(closed(one).mark(), EMPTY_LOG);
    redis.view.redis().set("order:1", "stays");

    two.close();

    assertThat(closed(one).restarted()).isFalse();
    assertThat(redis.view.redis().get("order:1")).isEqualTo("stays");
  }

  private static EpochState.Closed closed(Epoch epoch) {
    return (EpochState.Closed) epoch.check();
  }
}

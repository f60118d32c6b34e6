package shop.order.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import shop.order.redis.OpenRedis;
import shop.order.redis.RedisUnavailable;

/** A real Redis is loaded by one instance, and never partly. */
@Tag("slow")
@ResourceLock("service")
class BulkLoadTest {

  private static final String MARK = "run:mark";
  private static final Instant BOUNDARY = Instant.ofEpochMilli(5000);
  private static final Map<TopicPartition, Long> POSITIONS =
      Map.of(new TopicPartition("orders", 3), 7L);

  private static OpenRedis redis;

  private final BulkLoads loads = new BulkLoads(redis.redis);

  @BeforeAll
  static void start() {
    redis = new OpenRedis(Duration.ofSeconds(30));
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void redisIsEmptyAndMarked() {
    redis.view.redis().flushall();
    redis.view.redis().set("opening", MARK);
  }

  @Test
  void positionsAppearAtTheEndTogetherWithTheBoundary() {
    var load = loads.begin(MARK).orElseThrow();
    writeProducts(load, 300);
    assertThat(redis.view.redis().exists("positions", "boundary", "evicted")).isZero();
    assertThat(redis.view.redis().keys("stock:*")).hasSize(250);

    load.end(BOUNDARY, POSITIONS);

    assertThat(redis.view.redis().keys("stock:*")).hasSize(300);
    assertThat(redis.view.redis().hgetall("positions")).isEqualTo(Map.of("orders:3", "7"));
    assertThat(redis.view.redis().hgetall("evicted")).isEqualTo(Map.of("orders:3", "7"));
    assertThat(redis.view.redis().get("boundary")).isEqualTo("5000");
    assertThat(redis.view.redis().get("opening")).isEqualTo(MARK);
    assertThat(redis.view.redis().exists("loader")).isZero();
  }

  @Test
  void oneOfTwoInstancesLoads() {
    var load = loads.begin(MARK).orElseThrow();
    writeProducts(load, 300);

    assertThat(loads.begin(MARK)).isEmpty();

    load.end(BOUNDARY, POSITIONS);
    assertThat(loads.begin(MARK)).isEmpty();
    assertThat(redis.view.redis().keys("stock:*")).hasSize(300);
  }

  @Test
  void aRedisWithAnotherMarkIsNotLoaded() {
    assertThat(loads.begin("run:another")).isEmpty();
    redis.view.redis().flushall();
    assertThat(loads.begin(MARK)).isEmpty();
  }

  @Test
  void aLoadThatBrokeOffLeavesNothing() {
    writeProducts(loads.begin(MARK).orElseThrow(), 300);
    leaseExpires();

    var load = loads.begin(MARK).orElseThrow();
    load.writeStock("OTHER", 1);
    load.end(BOUNDARY, POSITIONS);

    assertThat(redis.view.redis().keys("stock:*")).containsExactly("stock:OTHER");
    assertThat(redis.view.redis().get("opening")).isEqualTo(MARK);
  }

  @Test
  void anInstanceThatWasPausedWritesNothingAfterItsLease() {
    var paused = loads.begin(MARK).orElseThrow();
    leaseExpires();
    assertThatThrownBy(() -> writeProducts(paused, 300)).isInstanceOf(BulkLoad.Lost.class);

    var load = loads.begin(MARK).orElseThrow();
    assertThatThrownBy(() -> writeProducts(paused, 300)).isInstanceOf(BulkLoad.Lost.class);
    assertThatThrownBy(() -> paused.end(BOUNDARY, POSITIONS)).isInstanceOf(BulkLoad.Lost.class);
    load.end(BOUNDARY, POSITIONS);
    assertThatThrownBy(() -> paused.end(Instant.EPOCH, Map.of())).isInstanceOf(BulkLoad.Lost.class);

    assertThat(redis.view.redis().keys("stock:*")).isEmpty();
    assertThat(redis.view.redis().get("boundary")).isEqualTo("5000");
  }

  @Test
  void theLeaseIsRenewedByEachPart() {
    var load = loads.begin(MARK).orElseThrow();
    redis.view.redis().pexpire("loader", 10_000);

    writeProducts(load, 250);

    assertThat(redis.view.redis().pttl("loader")).isGreaterThan(10_000);
  }

  @Test
  void aRedisThatIsEmptiedDuringTheLoadStaysEmpty() {
    var load = loads.begin(MARK).orElseThrow();
    writeProducts(load, 300);
    redis.view.redis().flushall();

    assertThatThrownBy(() -> writeProducts(load, 300)).isInstanceOf(BulkLoad.Lost.class);
    assertThatThrownBy(() -> load.end(BOUNDARY, POSITIONS)).isInstanceOf(BulkLoad.Lost.class);

    assertThat(redis.view.redis().keys("*")).isEmpty();
  }

  @Test
  void aFullRedisRefusesTheLoadAndIsLoadedWhenItHasMemory() {
    var load = loads.begin(MARK).orElseThrow();
    redis.view.redis().configSet("maxmemory", "1kb");
    try {
      assertThatThrownBy(() -> writeProducts(load, 250)).matches(RedisUnavailable::isFull);
      assertThatThrownBy(() -> load.end(BOUNDARY, POSITIONS)).matches(RedisUnavailable::isFull);
      assertThat(redis.view.redis().keys("stock:*")).isEmpty();
      leaseExpires();
      assertThat(loads.begin(MARK)).isPresent();
      leaseExpires();
    } finally {
      redis.view.redis().configSet("maxmemory", "0");
    }
    var again = loads.begin(MARK).orElseThrow();
    writeProducts(again, 300);
    again.end(BOUNDARY, POSITIONS);

    assertThat(redis.view.redis().keys("stock:*")).hasSize(300);
  }

  private static void writeProducts(BulkLoad load, int count) {
    for (int i = 0; i < count; i++) {
      load.writeStock("SKU-" + i, i);
    }
  }

  private static void leaseExpires() {
    redis.view.redis().del("loader");
  }
}

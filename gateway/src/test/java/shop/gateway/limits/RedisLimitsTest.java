package shop.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ClientOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Flux;
import shop.common.problem.Problem;
import shop.local.broker.RedisServer;
import shop.local.os.Ports;

/** The scripts in a real Redis, and what happens without it. */
@Tag("slow")
class RedisLimitsTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static RedisServer redis;
  private final List<LettuceConnectionFactory> connections = new ArrayList<>();

  @BeforeAll
  static void start(@TempDir Path folder) {
    redis = new RedisServer(folder, Ports.freeBlock(1));
    redis.start();
  }

  @AfterAll
  static void stop() {
    redis.kill();
  }

  @AfterEach
  void disconnect() {
    connections.forEach(LettuceConnectionFactory::destroy);
  }

  /** The script and the class decide the same, at the times that Redis says. */
  @ParameterizedTest
  @EnumSource
  void scriptAndClassAgreeStepByStep(Algorithm algorithm) {
    var template = template(redis.endpoint().port());
    var limits = new RedisLimits(template, settings());
    var random = new Random(11);
    // Refilled a few times while the test runs; the waits in a leaky bucket are not waited for.
    var policy =
        policy("agree", new Quota(algorithm, 2000, Duration.ofSeconds(1), burst(algorithm)));
    var meter = policy.quota().meter();
    var state = Meter.State.NONE;
    int refused = 0;

    for (int number = 0; number < 3000; number++) {
      if (random.nextInt(500) == 0) {
        state = Meter.State.NONE;
        template.delete(policy.key("a")).block(TIMEOUT);
      }
      if (random.nextInt(100) == 0) {
        state = aheadOf(state, algorithm);
        template.opsForValue().set(policy.key("a"), text(state, algorithm)).block(TIMEOUT);
      }
      var answer = limits.answer(policy, "a").block(TIMEOUT);
      var step = meter.take(state, answer.get(4));
      state = step.after();

      assertThat(RedisLimits.decision(answer)).isEqualTo(step.decision());
      refused += step.decision().allowed() ? 0 : 1;
    }

    assertThat(refused).isBetween(1, 2999);
  }

  @ParameterizedTest
  @EnumSource
  void gatewaysTogetherAdmitExactlyTheLimitOfManyParallelRequests(Algorithm algorithm) {
    var first = limiter(redis.endpoint().port(), Duration.ofSeconds(20));
    var second = limiter(redis.endpoint().port(), Duration.ofSeconds(20));
    var quota =
        algorithm == Algorithm.LEAKY_BUCKET
            ? new Quota(algorithm, 1, Duration.ofSeconds(5), 1)
            : new Quota(algorithm, 100, HOUR, null);
    var policy = policy("parallel", quota);

    long allowed =
        Flux.range(0, 1000)
            .flatMap(number -> (number % 2 == 0 ? first : second).take(policy, "a"), 1000)
            .filter(Decision::allowed)
            .count()
            .block(TIMEOUT);

    // A leaky bucket admits one more than may wait, and one more after each interval.
    assertThat(allowed)
        .isBetween(
            algorithm == Algorithm.LEAKY_BUCKET ? 2L : 100L,
            algorithm == Algorithm.LEAKY_BUCKET ? 8L : 100L);
  }

  @ParameterizedTest
  @EnumSource
  void keysExpire(Algorithm algorithm) {
    var template = template(redis.endpoint().port());
    var policy = policy("expiring", new Quota(algorithm, 1, Duration.ofSeconds(5), null));

    new RedisLimits(template, settings()).take(policy, "a").block(TIMEOUT);

    assertThat(template.getExpire(policy.key("a")).block(TIMEOUT))
        .isBetween(Duration.ofMillis(1), Duration.ofSeconds(5));
  }

  @Test
  void scriptsAreSentAgainToARedisThatHasBeenRestarted() {
    var template = template(redis.endpoint().port());
    var limiter = limiter(redis.endpoint().port(), Duration.ofSeconds(20));
    var policy = policy("restarted", new Quota(Algorithm.TOKEN_BUCKET, 2, HOUR, null));
    limiter.take(policy, "a").block(TIMEOUT);
    limiter.take(policy, "a").block(TIMEOUT);

    redis.kill();
    try {
      assertThat(limiter.take(policy, "a").block(TIMEOUT).remaining()).isEqualTo(1);
    } finally {
      redis.start();
    }

    await()
        .atMost(TIMEOUT)
        .untilAsserted(() -> {
          limiter.take(policy, "b").block(TIMEOUT);
          assertThat(template.hasKey(policy.key("b")).block(TIMEOUT)).isTrue();
        });
  }

  @Test
  void fullRedisIsLikeNone() {
    var template = template(redis.endpoint().port());
    var limiter = limiter(redis.endpoint().port(), Duration.ofSeconds(20));
    var policy = policy("full", new Quota(Algorithm.TOKEN_BUCKET, 2, HOUR, null));
    setMaxMemory(template, "1");
    try {
      assertThat(limiter.take(policy, "a").block(TIMEOUT).remaining()).isEqualTo(1);
      assertThat(limiter.take(policy, "a").block(TIMEOUT).remaining()).isZero();
      assertThat(limiter.take(policy, "a").block(TIMEOUT).allowed()).isFalse();
    } finally {
      setMaxMemory(template, "0");
    }
    assertThat(template.hasKey(policy.key("a")).block(TIMEOUT)).isFalse();
  }

  @Test
  void silentRedisIsWaitedForBrieflyAndNotByEveryRequest() throws Exception {
    var nanoTime = new AtomicLong();
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var availability = new RedisAvailability(Duration.ofSeconds(1), nanoTime::get);
      var limiter = limiter(silent.getLocalPort(), Duration.ofMillis(50), availability);
      var policy = policy("silent", new Quota(Algorithm.TOKEN_BUCKET, 4, HOUR, null));
      var strict = new Policy("strict", policy.quota(), policy.quota(), true);

      for (int number = 0; number < 4; number++) {
        assertThat(limiter.take(policy, "a").block(TIMEOUT).allowed()).isTrue();
      }

      assertThat(limiter.take(policy, "a").block(TIMEOUT).allowed()).isFalse();
      assertThat(availability.mayAsk()).isFalse();
      assertThatThrownBy(() -> limiter.take(strict, "a").block(TIMEOUT))
          .isInstanceOfSatisfying(
              Problem.class, problem -> assertThat(problem.getStatusCode().value()).isEqualTo(503));
    }
  }

  @Test
  void requestThatIsRefusedWithoutRedisAsksItAlsoAfterSlowAnswersToOthers() {
    var nanoTime = new AtomicLong();
    var availability = new RedisAvailability(Duration.ofSeconds(1), nanoTime::get);
    for (int number = 0; number < 3; number++) {
      availability.failed(new TimeoutException("slow"));
    }
    var limiter = limiter(redis.endpoint().port(), TIMEOUT, availability);
    var quota = new Quota(Algorithm.TOKEN_BUCKET, 4, HOUR, null);
    assertThat(availability.mayAsk()).isFalse();

    var decision = limiter.take(new Policy("login", quota, quota, true), "a").block(TIMEOUT);

    assertThat(decision.allowed()).isTrue();
    assertThat(availability.mayAsk()).isTrue();
  }

  private static @Nullable Integer burst(Algorithm algorithm) {
    return algorithm == Algorithm.FIXED_WINDOW ? null : 50;
  }

  /** What is remembered after the clock was set back by a minute. */
  private static Meter.State aheadOf(Meter.State state, Algorithm algorithm) {
    long minute = 60_000_000;
    return new Meter.State(
        Math.max(state.at(), System.currentTimeMillis() * 1000) + minute,
        algorithm == Algorithm.FIXED_WINDOW ? 2000 : 0);
  }

  private static String text(Meter.State state, Algorithm algorithm) {
    return algorithm == Algorithm.FIXED_WINDOW
        ? state.at() + ":" + state.count()
        : Long.toString(state.at());
  }

  private static Policy policy(String name, Quota quota) {
    return new Policy(name, quota, quota, false);
  }

  private static LimitSettings settings() {
    return settings(TIMEOUT);
  }

  private static LimitSettings settings(Duration timeout) {
    var any = new Quota(Algorithm.TOKEN_BUCKET, 1, HOUR, null);
    return new LimitSettings(
        1,
        new LimitSettings.Redis(timeout, timeout, timeout),
        new LimitSettings.Local(1, 100),
        List.of(),
        any,
        any);
  }

  private RateLimiter limiter(int port, Duration timeout) {
    return limiter(port, timeout, new RedisAvailability(Duration.ofMillis(1), System::nanoTime));
  }

  private RateLimiter limiter(int port, Duration timeout, RedisAvailability availability) {
    return new RateLimiter(
        new RedisLimits(template(port), settings(timeout)),
        availability,
        new LocalLimits(100, Clock.systemUTC()),
        new LimitMetrics(new SimpleMeterRegistry()));
  }

  private static void setMaxMemory(ReactiveStringRedisTemplate template, String bytes) {
    template
        .execute(connection -> connection.serverCommands().setConfig("maxmemory", bytes))
        .blockLast(TIMEOUT);
  }

  private ReactiveStringRedisTemplate template(int port) {
    var factory =
        new LettuceConnectionFactory(
            new RedisStandaloneConfiguration("127.0.0.1", port),
            LettuceClientConfiguration.builder()
                .commandTimeout(TIMEOUT)
                .clientOptions(
                    ClientOptions.builder()
                        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                        .build())
                .build());
    factory.afterPropertiesSet();
    factory.start();
    connections.add(factory);
    return new ReactiveStringRedisTemplate(factory);
  }
}

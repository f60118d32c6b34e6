package shop.gateway.limits;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Limits that all gateways share: one script call per request, by its hash; the whole script is
 * sent if Redis does not have it, as after a restart. Keys expire when there is nothing left to
 * remember.
 */
@Component
class RedisLimits implements ApplicationRunner {

  private static final Logger log = LoggerFactory.getLogger(RedisLimits.class);
  private static final int START_ATTEMPTS = 3;
  private static final Duration START_LIMIT = Duration.ofSeconds(5);

  private final ReactiveStringRedisTemplate redis;
  private final Duration timeout;
  private final Duration refusingTimeout;

  /** Until the first answer: the client blocks while it connects; later it reconnects by itself. */
  private volatile boolean connected;

  RedisLimits(ReactiveStringRedisTemplate redis, LimitSettings settings) {
    this.redis = redis;
    this.timeout = settings.redis().timeout();
    this.refusingTimeout = settings.redis().refusingTimeout();
  }

  /**
   * Connects and calls each script before the gateway is ready: the first connection and the first
   * calls of a JVM take longer than a request may wait for them.
   */
  @Override
  public void run(ApplicationArguments arguments) {
    for (int attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
      try {
        for (var algorithm : Algorithm.values()) {
          var quota = new Quota(algorithm, 1, Duration.ofSeconds(1), null);
          answer(new Policy("start", quota, quota, false), "start").block(START_LIMIT);
        }
        return;
      } catch (RuntimeException failure) {
        log.warn(
            "Redis does not answer at the start (attempt {} of {}): {}",
            attempt,
            START_ATTEMPTS,
            failure.toString());
      }
    }
  }

  /** Decides about one request; fails if Redis does not answer in time. */
  Mono<Decision> take(Policy policy, String subject) {
    return answer(policy, subject)
        .timeout(policy.refusedWithoutRedis() ? refusingTimeout : timeout)
        .map(RedisLimits::decision);
  }

  /** What the script returns. */
  Mono<List<Long>> answer(Policy policy, String subject) {
    var call =
        redis.execute(policy.script(), List.of(policy.key(subject)), policy.arguments()).next();
    return connected
        ? call
        : call.doOnNext(_ -> connected = true).subscribeOn(Schedulers.boundedElastic());
  }

  static Decision decision(List<Long> answer) {
    return new Decision(answer.get(0) == 1, answer.get(1), answer.get(2), answer.get(3));
  }
}

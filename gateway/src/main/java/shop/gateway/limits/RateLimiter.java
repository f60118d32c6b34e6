package shop.gateway.limits;

import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import shop.common.problem.Problem;
import shop.gateway.limits.LimitMetrics.Outcome;

/**
 * Decides about requests: by Redis, and while it is unavailable by this gateway alone, or not at
 * all if the policy says so.
 */
@Component
class RateLimiter {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final RedisLimits redis;
  private final RedisAvailability availability;
  private final LocalLimits local;
  private final LimitMetrics metrics;

  @Autowired
  RateLimiter(RedisLimits redis, LimitMetrics metrics, LimitSettings settings, Clock clock) {
    this(
        redis,
        new RedisAvailability(settings.redis().retryInterval(), System::nanoTime),
        new LocalLimits(settings.local().maxKeys(), clock),
        metrics);
  }

  RateLimiter(
      RedisLimits redis, RedisAvailability availability, LocalLimits local, LimitMetrics metrics) {
    this.redis = redis;
    this.availability = availability;
    this.local = local;
    this.metrics = metrics;
  }

  /**
   * Decides about one request. The result may arrive on a thread of the Redis client.
   *
   * @param subject whose requests are counted together
   * @return an error of 503 if the policy needs Redis and it is unavailable
   */
  Mono<Decision> take(Policy policy, String subject) {
    // A request that is refused without Redis asks in any case: a slow answer is better than a 503.
    if (!policy.refusedWithoutRedis() && !availability.mayAsk()) {
      return Mono.defer(() -> withoutRedis(policy, subject));
    }
    return redis
        .take(policy, subject)
        .doOnNext(decision -> {
          availability.succeeded();
          metrics.count(policy, decision.allowed() ? Outcome.ALLOWED : Outcome.REFUSED);
        })
        .onErrorResume(failure -> {
          availability.failed(failure);
          return withoutRedis(policy, subject);
        });
  }

  private Mono<Decision> withoutRedis(Policy policy, String subject) {
    if (policy.refusedWithoutRedis()) {
      metrics.count(policy, Outcome.UNAVAILABLE);
      return Mono.error(
          Problem.unavailable(
              "The rate limit of this request cannot be checked now. It was not processed and is"
                  + " safe to retry",
              RETRY_AFTER));
    }
    var decision = local.take(policy, subject);
    metrics.count(policy, decision.allowed() ? Outcome.ALLOWED_LOCALLY : Outcome.REFUSED_LOCALLY);
    return Mono.just(decision);
  }
}

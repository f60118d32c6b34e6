package shop.gateway.limits;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import shop.gateway.traffic.Traffic;

/**
 * Lets an exchange pass if its limit allows it. It goes on on the event loop of its own connection:
 * otherwise the one thread of the connection to Redis would do the work of all requests.
 */
@Component
final class LimitedExchanges {

  private final RateLimiter limiter;

  /** As many as there are event loops. */
  private final Map<EventLoop, Scheduler> schedulers = new ConcurrentHashMap<>();

  LimitedExchanges(RateLimiter limiter) {
    this.limiter = limiter;
  }

  /** Goes on with the chain, at once or after the delay that the policy says, or fails with 429. */
  Mono<Void> pass(ServerWebExchange exchange, Policy policy, LimitKey key, WebFilterChain chain) {
    var scheduler = scheduler(exchange);
    return limiter
        .take(policy, key.of(exchange))
        .publishOn(scheduler)
        .flatMap(decision -> {
          Traffic.of(exchange).rateLimit(decision.allowed());
          RateLimitHeaders.addOnCommit(exchange.getResponse(), policy, decision);
          if (!decision.allowed()) {
            return Mono.error(RateLimitHeaders.refused(policy, decision));
          }
          long delay = TimeUnit.MICROSECONDS.toMillis(decision.waitMicros());
          return delay == 0
              ? chain.filter(exchange)
              : Mono.delay(java.time.Duration.ofMillis(delay), scheduler)
                  .then(Mono.defer(() -> chain.filter(exchange)));
        });
  }

  private Scheduler scheduler(ServerWebExchange exchange) {
    Connection connection = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
    return schedulers.computeIfAbsent(
        connection.channel().eventLoop(), Schedulers::fromExecutorService);
  }
}

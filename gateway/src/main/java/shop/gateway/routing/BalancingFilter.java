package shop.gateway.routing;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.cloud.gateway.support.NotFoundException;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClientResponse;
import shop.common.problem.Problem;
import shop.gateway.breaker.ServiceBreaker;
import shop.gateway.concurrency.Priorities;
import shop.gateway.concurrency.ServiceConcurrency;
import shop.gateway.inbound.ExchangeTrace;
import shop.gateway.routing.UpstreamCall.ResponseKind;
import shop.gateway.traffic.Traffic;

/**
 * Sends a request for {@code lb://service} to an instance of the service. Tries another one if
 * nothing of the request was sent to the first, or, within the retry budget, if the connection
 * broke before it responded and the request is safe to repeat: GET, HEAD, OPTIONS, or one with an
 * Idempotency-Key. A response is never repeated, nor is a timeout: the instance may still be at
 * work. How a request ends after all is counted by the service's circuit breaker, and how long it
 * took by its concurrency limit.
 */
@Component
final class BalancingFilter implements GlobalFilter, Ordered {

  private static final Logger log = LoggerFactory.getLogger(BalancingFilter.class);
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final int SERVER_ERROR = 500;
  private static final int UNAVAILABLE = 503;

  private final Upstreams upstreams;
  private final Priorities priorities;

  BalancingFilter(Upstreams upstreams, Priorities priorities) {
    this.upstreams = upstreams;
    this.priorities = priorities;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    URI target = exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR);
    if (!"lb".equals(target.getScheme())) {
      return chain.filter(exchange);
    }
    var upstream = upstreams.named(target.getHost());
    if (upstream == null) {
      return Mono.error(new NotFoundException("No service " + target.getHost()));
    }
    Traffic.of(exchange).routed(exchange, upstream.name());
    var permit = upstream.breaker().tryAcquire();
    if (permit == null) {
      return Mono.error(upstream.breaker().refusal());
    }
    ServiceConcurrency.Slot slot;
    try {
      slot = upstream.concurrency().acquire(exchange.getRequest(), priorities);
    } catch (Problem shed) {
      permit.release();
      return Mono.error(shed);
    }
    return Mono.defer(
            () -> {
              var call = upstream.call(exchange, slot);
              call.attachTo(exchange);
              return attempt(exchange, chain, call, target, null)
                  .doOnSuccess(_ -> responded(exchange, call, permit, slot));
            })
        .doOnError(failure -> failed(failure, permit, slot))
        .doOnCancel(() -> {
          permit.release();
          slot.notResponded();
        });
  }

  private Mono<Void> attempt(
      ServerWebExchange exchange,
      GatewayFilterChain chain,
      UpstreamCall call,
      URI target,
      @Nullable Throwable before) {
    var instance = call.choose();
    if (instance == null) {
      return Mono.error(
          before != null
              ? before
              : new NotFoundException("No instance of " + call.upstream().name()));
    }
    Traffic.of(exchange).sent(instance.id(), call.attempts());
    exchange.getAttributes().put(GATEWAY_REQUEST_URL_ATTR, at(instance.address(), target));
    return Mono.defer(() -> chain.filter(exchange))
        .onErrorMap(UpstreamFailures::classified)
        .onErrorResume(failure -> {
          call.abandon(failure);
          if (!mayTryAnother(exchange.getRequest(), call, failure)) {
            return Mono.error(failure);
          }
          try (var _ = ExchangeTrace.of(exchange).open()) {
            log.warn(
                "Request to {} failed; trying another instance: {}",
                instance.id(),
                failure.toString());
          }
          ServerWebExchangeUtils.reset(exchange);
          return attempt(exchange, chain, call, target, failure);
        });
  }

  /** An instance that fails has no session of the client that would be lost elsewhere. */
  private static void responded(
      ServerWebExchange exchange,
      UpstreamCall call,
      ServiceBreaker.Permit permit,
      ServiceConcurrency.Slot slot) {
    if (call.isUpgraded()) {
      permit.succeeded();
      return;
    }
    var kind = kindOf(exchange);
    call.responded(kind);
    Traffic.of(exchange).responded(call.elapsed());
    switch (kind) {
      case SUCCESS -> {
        permit.succeeded();
        slot.responded();
      }
      case STREAM -> {
        permit.succeeded();
        slot.release();
      }
      case FAILURE -> {
        permit.failed();
        slot.notResponded();
      }
      case UNAVAILABLE -> {
        permit.release();
        slot.notResponded();
      }
    }
    if (kind == ResponseKind.SUCCESS || kind == ResponseKind.STREAM) {
      call.bind(exchange);
    }
  }

  private static void failed(
      Throwable failure, ServiceBreaker.Permit permit, ServiceConcurrency.Slot slot) {
    slot.notResponded();
    if (UpstreamFailures.isOfInstance(failure)) {
      permit.failed();
    } else {
      permit.release();
    }
  }

  /** The instance's URL with the path and query of the request. */
  private static URI at(URI address, URI target) {
    var query = target.getRawQuery();
    return URI.create(address + target.getRawPath() + (query == null ? "" : "?" + query));
  }

  private static boolean mayTryAnother(
      ServerHttpRequest request, UpstreamCall call, Throwable failure) {
    if (!call.upstream().mayTryAnother(call.attempts())) {
      return false;
    }
    return UpstreamFailures.nothingWasSent(failure)
        || (UpstreamFailures.isConnectionLost(failure)
            && isRepeatable(request)
            && call.upstream().tryRetry());
  }

  private static boolean isRepeatable(ServerHttpRequest request) {
    return SAFE.contains(request.getMethod())
        || request.getHeaders().containsHeader("Idempotency-Key");
  }

  private static ResponseKind kindOf(ServerWebExchange exchange) {
    @Nullable HttpClientResponse response = exchange.getAttribute(CLIENT_RESPONSE_ATTR);
    if (response == null) {
      return ResponseKind.STREAM;
    }
    int status = response.status().code();
    if (status == UNAVAILABLE && response.responseHeaders().contains("Retry-After")) {
      return ResponseKind.UNAVAILABLE;
    }
    if (status >= SERVER_ERROR) {
      return ResponseKind.FAILURE;
    }
    var type = response.responseHeaders().get("Content-Type");
    return type != null && type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE)
        ? ResponseKind.STREAM
        : ResponseKind.SUCCESS;
  }

  /** Runs once the route's URL is known. */
  @Override
  public int getOrder() {
    return RouteToRequestUrlFilter.ROUTE_TO_URL_FILTER_ORDER + 1;
  }
}

package shop.gateway.routing;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_LOADBALANCER_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.ReactiveLoadBalancerClientFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import shop.gateway.inbound.ExchangeTrace;

/**
 * Tries one other instance if nothing of the request was sent to the chosen one, or if the
 * connection broke before it responded and the request is safe to repeat: GET, HEAD, OPTIONS, or
 * one with an Idempotency-Key. A timeout is not repeated: the instance may still be at work.
 */
@Component
final class FailoverFilter implements GlobalFilter, Ordered {

  private static final Logger log = LoggerFactory.getLogger(FailoverFilter.class);
  private static final String TRIED_INSTANCES = "shop.tried";
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    URI target = exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR);
    return Mono.defer(() -> chain.filter(exchange))
        .onErrorMap(UpstreamFailures::classified)
        .onErrorResume(
            failure -> isRepeatable(exchange.getRequest(), failure),
            failure -> {
              @Nullable String instance = chosenInstance(exchange);
              if (instance == null) {
                return Mono.error(failure);
              }
              try (var _ = ExchangeTrace.of(exchange).open()) {
                log.warn(
                    "Connection to {} failed; trying another instance: {}",
                    instance,
                    failure.toString());
              }
              exchange.getAttributes().put(TRIED_INSTANCES, Set.of(instance));
              exchange.getAttributes().put(GATEWAY_REQUEST_URL_ATTR, target);
              ServerWebExchangeUtils.reset(exchange);
              return chain.filter(exchange).onErrorMap(UpstreamFailures::classified);
            });
  }

  /** Ids of the instances that failed for this request. */
  @SuppressWarnings("unchecked") // only this class writes the attribute
  static Set<String> triedInstances(Map<String, Object> attributes) {
    return (Set<String>) attributes.getOrDefault(TRIED_INSTANCES, Set.of());
  }

  private static boolean isRepeatable(ServerHttpRequest request, Throwable failure) {
    return UpstreamFailures.nothingWasSent(failure)
        || (UpstreamFailures.isConnectionLost(failure)
            && (SAFE.contains(request.getMethod())
                || request.getHeaders().containsHeader("Idempotency-Key")));
  }

  private static @Nullable String chosenInstance(ServerWebExchange exchange) {
    @Nullable Response<ServiceInstance> response =
        exchange.getAttribute(GATEWAY_LOADBALANCER_RESPONSE_ATTR);
    @Nullable ServiceInstance instance = response == null ? null : response.getServer();
    return instance == null ? null : instance.getInstanceId();
  }

  /** Runs before the filter that chooses an instance, so that a second try chooses again. */
  @Override
  public int getOrder() {
    return ReactiveLoadBalancerClientFilter.LOAD_BALANCER_CLIENT_FILTER_ORDER - 1;
  }
}

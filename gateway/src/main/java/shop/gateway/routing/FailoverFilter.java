package shop.gateway.routing;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_LOADBALANCER_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
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
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import shop.gateway.inbound.ExchangeTrace;

/**
 * Tries one other instance if no connection to the chosen one can be established. No part of the
 * request was sent by then, so a request of any method is safe to send again.
 */
@Component
final class FailoverFilter implements GlobalFilter, Ordered {

  private static final Logger log = LoggerFactory.getLogger(FailoverFilter.class);
  private static final String TRIED_INSTANCES = "shop.tried";

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    URI target = exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR);
    return chain
        .filter(exchange)
        .onErrorResume(
            FailoverFilter::isConnectFailure,
            failure -> {
              @Nullable String instance = chosenInstance(exchange);
              if (instance == null) {
                return Mono.error(failure);
              }
              try (var _ = ExchangeTrace.of(exchange).open()) {
                log.warn(
                    "Cannot connect to {}; trying another instance: {}",
                    instance,
                    failure.toString());
              }
              exchange.getAttributes().put(TRIED_INSTANCES, Set.of(instance));
              exchange.getAttributes().put(GATEWAY_REQUEST_URL_ATTR, target);
              ServerWebExchangeUtils.reset(exchange);
              return chain.filter(exchange);
            });
  }

  /** Ids of the instances to which no connection could be established for this request. */
  @SuppressWarnings("unchecked") // only this class writes the attribute
  static Set<String> triedInstances(Map<String, Object> attributes) {
    return (Set<String>) attributes.getOrDefault(TRIED_INSTANCES, Set.of());
  }

  private static boolean isConnectFailure(Throwable failure) {
    return failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof UnknownHostException;
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

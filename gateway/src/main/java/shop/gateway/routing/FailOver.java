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
import shop.gateway.inbound.Traces;

/**
 * Asks one other instance when no connection to the chosen one came about. Nothing was sent then,
 * not even a part of the body, so this repeats no request of whatever method.
 */
@Component
final class FailOver implements GlobalFilter, Ordered {

  private static final Logger log = LoggerFactory.getLogger(FailOver.class);
  private static final String TRIED = "shop.tried";

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    URI target = exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR);
    return chain
        .filter(exchange)
        .onErrorResume(
            FailOver::nothingWasSent,
            failure -> {
              @Nullable String instance = chosen(exchange);
              if (instance == null) {
                return Mono.error(failure);
              }
              try (var _ = Traces.of(exchange).open()) {
                log.warn(
                    "{} cannot be reached, another is asked: {}", instance, failure.toString());
              }
              exchange.getAttributes().put(TRIED, Set.of(instance));
              exchange.getAttributes().put(GATEWAY_REQUEST_URL_ATTR, target);
              ServerWebExchangeUtils.reset(exchange);
              return chain.filter(exchange);
            });
  }

  /** Ids of the instances that a request has been refused by. */
  @SuppressWarnings("unchecked") // only this class writes it
  static Set<String> tried(Map<String, Object> attributes) {
    return (Set<String>) attributes.getOrDefault(TRIED, Set.of());
  }

  private static boolean nothingWasSent(Throwable failure) {
    return failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof UnknownHostException;
  }

  private static @Nullable String chosen(ServerWebExchange exchange) {
    @Nullable Response<ServiceInstance> response =
        exchange.getAttribute(GATEWAY_LOADBALANCER_RESPONSE_ATTR);
    @Nullable ServiceInstance instance = response == null ? null : response.getServer();
    return instance == null ? null : instance.getInstanceId();
  }

  /** Around the choice of an instance. */
  @Override
  public int getOrder() {
    return ReactiveLoadBalancerClientFilter.LOAD_BALANCER_CLIENT_FILTER_ORDER - 1;
  }
}

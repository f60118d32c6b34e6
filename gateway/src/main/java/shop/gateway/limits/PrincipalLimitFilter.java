package shop.gateway.limits;

import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Applies the limit of an authorized request's principal; bodies of refused ones are not read. */
@Component
final class PrincipalLimitFilter implements WebFilter, Ordered {

  private static final String RULE = PrincipalLimitFilter.class.getName() + ".rule";

  private final LimitedExchanges limited;

  PrincipalLimitFilter(LimitedExchanges limited) {
    this.limited = limited;
  }

  /** Says which limit to apply. */
  static void put(ServerWebExchange exchange, LimitRules.Rule rule) {
    exchange.getAttributes().put(RULE, rule);
  }

  /** The limit that has not been applied yet; null if there is none. */
  static LimitRules.@Nullable Rule remove(ServerWebExchange exchange) {
    return (LimitRules.Rule) exchange.getAttributes().remove(RULE);
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var rule = remove(exchange);
    return rule == null
        ? chain.filter(exchange)
        : limited.pass(exchange, rule.policy(), rule.key(), chain);
  }

  /** After the filter that authorizes, before the one that reads the body. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 12;
  }
}

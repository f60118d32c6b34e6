package shop.gateway.limits;

import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import shop.common.problem.Problem;

/**
 * Finds the limit of a request, and applies it if it is one of the address: nothing is spent on a
 * token of an address that sends too much. Limits of principals are applied by {@link
 * PrincipalLimitFilter}; a request that authorization refuses does not get there, and is counted
 * here against its address, so that tokens cannot be tried without a limit. Requests with a valid
 * token from the same address still pass.
 */
@Component
final class RateLimitFilter implements WebFilter, Ordered {

  private final LimitRules rules;
  private final LimitedExchanges limited;
  private final Policy unauthorized;

  RateLimitFilter(LimitRules rules, LimitedExchanges limited, LimitSettings settings) {
    this.rules = rules;
    this.limited = limited;
    this.unauthorized = settings.policy(LimitSettings.UNAUTHORIZED, settings.unauthorized(), false);
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var rule = rules.of(exchange.getRequest());
    if (rule == null) {
      return chain.filter(exchange);
    }
    if (rule.key() == LimitKey.ADDRESS) {
      return limited.pass(exchange, rule.policy(), LimitKey.ADDRESS, chain);
    }
    PrincipalLimitFilter.put(exchange, rule);
    return chain
        .filter(exchange)
        .onErrorResume(
            Problem.class,
            problem ->
                problem.getStatusCode().is4xxClientError()
                        && PrincipalLimitFilter.remove(exchange) != null
                    ? limited.pass(
                        exchange, unauthorized, LimitKey.ADDRESS, _ -> Mono.error(problem))
                    : Mono.error(problem));
  }

  /** After the filter that answers preflight requests, before the one that authorizes. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 7;
  }
}

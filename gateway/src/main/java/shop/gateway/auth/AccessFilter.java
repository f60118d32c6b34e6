package shop.gateway.auth;

import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import shop.common.problem.Problem;
import shop.common.security.AccessTokens;
import shop.common.security.Caller;
import shop.common.security.InvalidToken;
import shop.gateway.inbound.ExchangeCaller;
import shop.gateway.inbound.ExchangeSession;
import shop.gateway.sessions.Sessions;

/**
 * Authenticates and authorizes every request by {@link AccessPolicy}, and passes the {@link Caller}
 * to the controllers.
 */
@Component
final class AccessFilter implements WebFilter, Ordered {

  private static final String SCHEME = "Bearer ";

  private final AccessTokens tokens;
  private final Sessions sessions;

  AccessFilter(AccessTokens tokens, Sessions sessions) {
    this.tokens = tokens;
    this.sessions = sessions;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var policy =
        AccessPolicy.of(exchange.getRequest())
            .orElseThrow(() -> Problem.notFound("No resource exists at this path"));
    if (policy == AccessPolicy.PUBLIC
        || (policy == AccessPolicy.OPTIONAL_TOKEN && !hasToken(exchange.getRequest()))) {
      return chain.filter(exchange);
    }
    var caller = caller(exchange.getRequest());
    exchange.getAttributes().put(ExchangeCaller.ATTRIBUTE, caller);
    if (policy == AccessPolicy.OPTIONAL_TOKEN) {
      return chain.filter(exchange);
    }
    return sessions
        .isLive(
            caller.sessionId(),
            policy != AccessPolicy.ADMIN && AccessPolicy.reads(exchange.getRequest()))
        .defaultIfEmpty(false)
        .flatMap(live -> live ? authorize(caller, policy) : Mono.error(AuthProblems.invalidToken()))
        .then(
            Mono.defer(() -> {
              var revocation = sessions.revocation(caller.sessionId());
              ExchangeSession.attach(exchange, revocation);
              return chain.filter(
                  exchange
                      .mutate()
                      .response(new SessionBoundResponse(exchange.getResponse(), revocation))
                      .build());
            }));
  }

  private static Mono<Void> authorize(Caller caller, AccessPolicy policy) {
    return policy == AccessPolicy.ADMIN && !caller.isAdmin()
        ? Mono.error(AuthProblems.forbidden())
        : Mono.empty();
  }

  private static boolean hasToken(ServerHttpRequest request) {
    return request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION);
  }

  private Caller caller(ServerHttpRequest request) {
    var headers = request.getHeaders().getOrEmpty(HttpHeaders.AUTHORIZATION);
    @Nullable String header = headers.size() == 1 ? headers.getFirst() : null;
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw AuthProblems.missingToken();
    }
    try {
      return tokens.verify(header.substring(SCHEME.length()).strip());
    } catch (InvalidToken _) {
      throw AuthProblems.invalidToken();
    }
  }

  /** Runs after the filter that removes untrusted headers. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 10;
  }
}

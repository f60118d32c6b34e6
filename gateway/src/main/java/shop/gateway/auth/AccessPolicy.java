package shop.gateway.auth;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** What a request needs to be authorized. A request that no rule matches is answered with 404. */
enum AccessPolicy {
  /** No token; a token that is sent is ignored. */
  PUBLIC,
  /**
   * No token, or a valid one, even of an ended session: logging out twice does no harm, and a
   * refresh token is enough.
   */
  OPTIONAL_TOKEN,
  /** A valid token of a session that has not ended. */
  LIVE_SESSION,
  /** A valid token of a session that has not ended, with the role ADMIN. */
  ADMIN;

  /** HEAD and OPTIONS need what GET needs. */
  private static final Set<HttpMethod> READ =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private static final Set<HttpMethod> POST = Set.of(HttpMethod.POST);
  private static final Set<HttpMethod> ALL = Set.of(HttpMethod.values());

  private static final List<Rule> RULES =
      List.of(
          rule(READ, "/livez", PUBLIC),
          rule(READ, "/readyz", PUBLIC),
          // Served on the management port alone, whose requests pass this filter, too.
          rule(READ, "/actuator/health/**", PUBLIC),
          rule(READ, "/actuator/prometheus", PUBLIC),
          rule(READ, "/.well-known/jwks.json", PUBLIC),
          rule(READ, "/v3/api-docs", PUBLIC),
          rule(READ, "/", PUBLIC),
          rule(READ, "/docs/**", PUBLIC),
          rule(READ, "/problems/**", PUBLIC),
          rule(POST, "/auth/register", PUBLIC),
          rule(POST, "/auth/login", PUBLIC),
          rule(POST, "/auth/refresh", PUBLIC),
          rule(POST, "/auth/logout", OPTIONAL_TOKEN),
          rule(ALL, "/auth/**", LIVE_SESSION),
          rule(READ, "/products/**", PUBLIC),
          rule(ALL, "/products/**", LIVE_SESSION),
          rule(ALL, "/orders/**", LIVE_SESSION),
          rule(ALL, "/payments/**", LIVE_SESSION),
          rule(ALL, "/notifications/**", LIVE_SESSION),
          rule(ALL, "/analytics/**", LIVE_SESSION),
          rule(ALL, "/admin/orders/**", ADMIN),
          rule(ALL, "/admin/payments/**", ADMIN),
          rule(ALL, "/admin/dlq/**", ADMIN),
          rule(ALL, "/admin/accounts/**", ADMIN),
          rule(ALL, "/admin/gateway/**", ADMIN));

  /** True for methods that change nothing (RFC 9110, section 9.2.1). */
  static boolean reads(ServerHttpRequest request) {
    return READ.contains(request.getMethod());
  }

  /** The policy of the first rule that matches; empty if none does. */
  static Optional<AccessPolicy> of(ServerHttpRequest request) {
    var path = request.getPath().pathWithinApplication();
    return RULES.stream()
        .filter(rule -> rule.methods().contains(request.getMethod()))
        .filter(rule -> rule.pattern().matches(path))
        .map(Rule::policy)
        .findFirst();
  }

  private static Rule rule(Set<HttpMethod> methods, String pattern, AccessPolicy policy) {
    return new Rule(methods, PathPatternParser.defaultInstance.parse(pattern), policy);
  }

  private record Rule(Set<HttpMethod> methods, PathPattern pattern, AccessPolicy policy) {}
}

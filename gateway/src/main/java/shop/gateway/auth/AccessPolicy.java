package shop.gateway.auth;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Who may call what. What no line names is not there. */
enum AccessPolicy {
  /** Without a token; one that is sent is not looked at. */
  ANYONE,
  /** With a token that we signed, even if its session is over: ending it again does no harm. */
  OWN_TOKEN,
  /** With a token of a session that goes on. */
  ACCOUNT,
  /** The same with the role ADMIN. */
  ADMIN;

  private static final Set<HttpMethod> READ = Set.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final Set<HttpMethod> POST = Set.of(HttpMethod.POST);
  private static final Set<HttpMethod> ALL = Set.of(HttpMethod.values());

  private static final List<Line> LINES =
      List.of(
          line(READ, "/actuator/health/**", ANYONE),
          line(READ, "/actuator/prometheus", ANYONE),
          line(READ, "/.well-known/jwks.json", ANYONE),
          line(READ, "/v3/api-docs", ANYONE),
          line(READ, "/docs/**", ANYONE),
          line(READ, "/problems/**", ANYONE),
          line(POST, "/auth/register", ANYONE),
          line(POST, "/auth/login", ANYONE),
          line(POST, "/auth/refresh", ANYONE),
          line(POST, "/auth/logout", OWN_TOKEN),
          line(ALL, "/auth/**", ACCOUNT),
          line(READ, "/products/**", ANYONE),
          line(ALL, "/products/**", ACCOUNT),
          line(ALL, "/orders/**", ACCOUNT),
          line(ALL, "/payments/**", ACCOUNT),
          line(ALL, "/notifications/**", ACCOUNT),
          line(ALL, "/analytics/**", ACCOUNT),
          line(ALL, "/admin/orders/**", ADMIN),
          line(ALL, "/admin/payments/**", ADMIN),
          line(ALL, "/admin/dlq/**", ADMIN));

  /** The first line that fits; empty if none does. */
  static Optional<AccessPolicy> to(ServerHttpRequest request) {
    var path = request.getPath().pathWithinApplication();
    return LINES.stream()
        .filter(line -> line.methods().contains(request.getMethod()))
        .filter(line -> line.pattern().matches(path))
        .map(Line::access)
        .findFirst();
  }

  private static Line line(Set<HttpMethod> methods, String pattern, AccessPolicy access) {
    return new Line(methods, PathPatternParser.defaultInstance.parse(pattern), access);
  }

  private record Line(Set<HttpMethod> methods, PathPattern pattern, AccessPolicy access) {}
}

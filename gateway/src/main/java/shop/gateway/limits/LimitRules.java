package shop.gateway.limits;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Which limit a request has: that of the first rule that matches, or none. */
@Component
final class LimitRules {

  /** A rule, ready for use. */
  record Rule(Set<HttpMethod> methods, PathPattern path, LimitKey key, Policy policy) {

    boolean matches(HttpMethod method, PathContainer requested) {
      return (methods.isEmpty() || methods.contains(method)) && path.matches(requested);
    }
  }

  /** Who asks these decides by the answer whether this gateway is used; nobody is to be refused. */
  private static final List<PathPattern> EXEMPT =
      List.of(pattern("/livez"), pattern("/readyz"), pattern("/actuator/**"));

  private final List<Rule> rules;

  LimitRules(LimitSettings settings) {
    rules = settings.rules().stream().map(rule -> rule(rule, settings)).toList();
  }

  /** The request's rule; null if it is not limited. */
  @Nullable Rule of(ServerHttpRequest request) {
    var path = request.getPath().pathWithinApplication();
    for (var exempt : EXEMPT) {
      if (exempt.matches(path)) {
        return null;
      }
    }
    for (var rule : rules) {
      if (rule.matches(request.getMethod(), path)) {
        return rule;
      }
    }
    return null;
  }

  private static Rule rule(LimitSettings.Rule rule, LimitSettings settings) {
    return new Rule(
        rule.methods(),
        pattern(rule.path()),
        rule.key(),
        settings.policy(
            rule.name(), rule.quota(), rule.withoutRedis() == LimitSettings.WithoutRedis.REFUSE));
  }

  private static PathPattern pattern(String path) {
    return PathPatternParser.defaultInstance.parse(path);
  }
}

package shop.gateway.concurrency;

import java.util.List;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import shop.balancing.Priority;

/** Which priority a request has: that of the first rule that matches, or normal. */
@Component
public final class Priorities {

  private record Rule(Set<HttpMethod> methods, PathPattern path, Priority priority) {

    boolean matches(HttpMethod method, PathContainer requested) {
      return (methods.isEmpty() || methods.contains(method)) && path.matches(requested);
    }
  }

  private final List<Rule> rules;

  Priorities(PrioritySettings settings) {
    rules =
        settings.rules().stream()
            .map(rule ->
                new Rule(
                    rule.methods(),
                    PathPatternParser.defaultInstance.parse(rule.path()),
                    rule.priority()))
            .toList();
  }

  Priority of(ServerHttpRequest request) {
    var path = request.getPath().pathWithinApplication();
    for (var rule : rules) {
      if (rule.matches(request.getMethod(), path)) {
        return rule.priority();
      }
    }
    return Priority.NORMAL;
  }
}

package shop.gateway.routes;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;

/**
 * A checked route.
 *
 * @param conditions besides the path, all of which a request must meet
 * @param split the one of the conditions that is about a side; null if none is
 */
record ContentRoute(
    String id,
    List<PathPattern> paths,
    List<Condition> conditions,
    @Nullable SplitSide split,
    String service,
    boolean websocket) {

  /** One side of a split. */
  record SplitSide(Split split, int side) {}

  boolean matches(ServerWebExchange exchange) {
    return matchesPath(exchange.getRequest().getPath().pathWithinApplication())
        && meetsConditions(exchange);
  }

  boolean matchesPath(PathContainer path) {
    for (var pattern : paths) {
      if (pattern.matches(path)) {
        return true;
      }
    }
    return false;
  }

  private boolean meetsConditions(ServerWebExchange exchange) {
    for (var condition : conditions) {
      if (!condition.test().test(exchange)) {
        return false;
      }
    }
    return true;
  }

  /** True if it looks at more than the path. */
  boolean isConditional() {
    return !conditions.isEmpty();
  }

  /**
   * True if every path of the pattern is one of this route's. Found by an example of such a path:
   * true as well for patterns that only some examples tell apart, such as {@code {id:[0-9]+}}.
   */
  boolean covers(PathPattern pattern) {
    return matchesPath(
        PathContainer.parsePath(
            pattern
                .getPatternString()
                .replace("/**", "/x/x/x")
                .replaceAll("/\\{\\*[^/]*", "/x/x/x")
                .replaceAll("\\{[^/]*}", "x")
                .replace('*', 'x')
                .replace('?', 'x')));
  }

  Set<String> conditionTexts() {
    return conditions.stream().map(Condition::text).collect(Collectors.toSet());
  }

  List<String> pathTexts() {
    return paths.stream().map(PathPattern::getPatternString).toList();
  }
}

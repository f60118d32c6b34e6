package shop.gateway.cache;

import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import shop.gateway.routes.RouteTable;

/**
 * The paths whose responses are cached: those of the configuration, without those of routes that
 * look at more than the path, because a stored response is found by the path alone.
 */
@Component
final class CachedPaths {

  private static final Logger log = LoggerFactory.getLogger(CachedPaths.class);

  private final List<PathPattern> cached;
  private final List<PathPattern> conditional;

  @Autowired
  CachedPaths(CacheSettings settings, RouteTable routes) {
    this(settings.paths(), routes.conditionalPaths());
  }

  /**
   * The configured paths without those of some routes.
   *
   * @param routes paths of routes that look at more than the path, by their ids
   */
  CachedPaths(List<String> configured, Map<String, List<String>> routes) {
    cached = patterns(configured);
    conditional = routes.values().stream().flatMap(paths -> patterns(paths).stream()).toList();
    if (!cached.isEmpty()) {
      routes.forEach((id, paths) ->
          log.info(
              "Responses of route {} to {} are not cached: it looks at more than the path",
              id,
              paths));
    }
  }

  private static List<PathPattern> patterns(List<String> texts) {
    return texts.stream().map(PathPatternParser.defaultInstance::parse).toList();
  }

  boolean contain(PathContainer path) {
    return matches(cached, path) && !matches(conditional, path);
  }

  private static boolean matches(List<PathPattern> patterns, PathContainer path) {
    for (var pattern : patterns) {
      if (pattern.matches(path)) {
        return true;
      }
    }
    return false;
  }
}

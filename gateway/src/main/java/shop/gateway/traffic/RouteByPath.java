package shop.gateway.traffic;

import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;

/** Finds routes by path alone, for requests that ended before a route was chosen. */
@FunctionalInterface
public interface RouteByPath {
  /** The id of the first route without conditions whose path matches; null if there is none. */
  @Nullable String routeOf(PathContainer path);
}

package shop.gateway.routes;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import shop.gateway.edge.Clients;
import shop.gateway.inbound.UntrustedHeaders;
import shop.gateway.routing.RoutingSettings;
import shop.gateway.traffic.RouteByPath;

/**
 * The routes of the routes file, which the first that matches a request gets. Access rules apply
 * before and look at method and path alone, so no route grants or denies anything.
 */
@Component
public final class RouteTable implements RouteLocator, RouteByPath {

  private static final String WEBSOCKET = "websocket";

  private final List<ContentRoute> table;
  private final List<Route> routes;

  RouteTable(RouteSettings settings, RoutingSettings routing, Clients clients) {
    table =
        new RoutesReader(
                new TreeSet<>(routing.services().keySet()),
                new UntrustedHeaders(clients.headers())::contains)
            .read(settings);
    routes = table.stream().map(RouteTable::route).toList();
  }

  private static Route route(ContentRoute route) {
    return Route.async()
        .id(route.id())
        .uri("lb://" + route.service())
        .metadata(WEBSOCKET, route.websocket())
        .predicate(route::matches)
        .build();
  }

  @Override
  public Flux<Route> getRoutes() {
    return Flux.fromIterable(routes);
  }

  @Override
  public @Nullable String routeOf(PathContainer path) {
    for (var route : table) {
      if (!route.isConditional() && route.matchesPath(path)) {
        return route.id();
      }
    }
    return null;
  }

  /** The paths of each route that looks at more than the path, by its id. */
  public Map<String, List<String>> conditionalPaths() {
    return table.stream()
        .filter(ContentRoute::isConditional)
        .collect(Collectors.toUnmodifiableMap(ContentRoute::id, ContentRoute::pathTexts));
  }

  /** True if the route that was chosen for an exchange allows WebSockets. */
  public static boolean allowsWebSocket(ServerWebExchange exchange) {
    Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
    return Boolean.TRUE.equals(route.getMetadata().get(WEBSOCKET));
  }
}

package shop.gateway.routes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/** Checks the routes file and makes routes of it. */
final class RoutesReader {

  private final Set<String> services;
  private final java.util.function.Predicate<String> isRemoved;
  private final Map<String, Split> splits = new HashMap<>();

  /**
   * A reader of one file.
   *
   * @param services the names that routes may use
   * @param isRemoved tells the headers that clients may not set: no route sees them
   */
  RoutesReader(Set<String> services, java.util.function.Predicate<String> isRemoved) {
    this.services = services;
    this.isRemoved = isRemoved;
  }

  /**
   * The routes in their order.
   *
   * @throws InvalidRoutes if something is wrong; the message says what, and in which route
   */
  List<ContentRoute> read(RouteSettings settings) {
    for (var entry : settings.splits()) {
      var split = named("Split " + entry.name(), () -> Split.of(entry.name(), entry.sides()));
      if (entry.name().isEmpty() || splits.put(entry.name(), split) != null) {
        throw new InvalidRoutes("The split '%s' has no name of its own".formatted(entry.name()));
      }
    }
    if (settings.routes().isEmpty()) {
      throw new InvalidRoutes("There is no route in shop.routing.routes");
    }
    var routes = new ArrayList<ContentRoute>();
    var ids = new HashSet<String>();
    for (var entry : settings.routes()) {
      var route = route(entry);
      if (!ids.add(route.id())) {
        throw new InvalidRoutes("The id '%s' is that of two routes".formatted(route.id()));
      }
      requireReachable(route, routes);
      routes.add(route);
    }
    routes.forEach(route -> requireAllSides(route, routes));
    return List.copyOf(routes);
  }

  private ContentRoute route(RouteSettings.Entry entry) {
    if (entry.id().isBlank() || entry.paths().isEmpty()) {
      throw new InvalidRoutes(
          "Route '%s' to '%s' needs an id and at least one path"
              .formatted(entry.id(), entry.service()));
    }
    var where = "Route " + entry.id();
    if (!services.contains(entry.service())) {
      throw new InvalidRoutes(
          "%s names the service '%s', but shop.gateway.services has only %s"
              .formatted(where, entry.service(), String.join(", ", services)));
    }
    var conditions = new ArrayList<Condition>();
    entry.headers().forEach(text -> conditions.add(header(where, text)));
    entry
        .cookies()
        .forEach(text -> conditions.add(condition(where, "cookie", text, Condition::cookie)));
    var side = entry.split() == null ? null : side(where, entry.split());
    if (side != null) {
      conditions.add(Condition.side(side.split(), side.side()));
    }
    return new ContentRoute(
        entry.id(),
        entry.paths().stream().map(path -> path(where, path)).toList(),
        List.copyOf(conditions),
        side,
        entry.service(),
        entry.websocket());
  }

  private static PathPattern path(String where, String text) {
    if (!text.startsWith("/")) {
      throw new InvalidRoutes("%s: the path '%s' does not begin with /".formatted(where, text));
    }
    try {
      return PathPatternParser.defaultInstance.parse(text);
    } catch (PatternParseException e) {
      throw new InvalidRoutes(
          "%s: the path '%s' is not a pattern: %s".formatted(where, text, e.getMessage()));
    }
  }

  private Condition header(String where, String text) {
    var condition = condition(where, "header", text, Condition::header);
    if (isRemoved.test(Condition.name(text))) {
      throw new InvalidRoutes(
          "%s is never reached: the header %s is removed from all requests, because clients must not set it"
              .formatted(where, Condition.name(text)));
    }
    return condition;
  }

  private static Condition condition(
      String where, String kind, String text, Function<String, Condition> parse) {
    return named("%s: the %s '%s'".formatted(where, kind, text), () -> parse.apply(text));
  }

  private ContentRoute.SplitSide side(String where, String text) {
    int slash = text.indexOf('/');
    @Nullable Split split = slash < 0 ? null : splits.get(text.substring(0, slash));
    int side = split == null ? -1 : split.indexOf(text.substring(slash + 1));
    if (split == null || side < 0) {
      throw new InvalidRoutes(
          "%s: '%s' is no side of a split; the form is SPLIT/SIDE, with names of shop.routing.splits"
              .formatted(where, text));
    }
    return new ContentRoute.SplitSide(split, side);
  }

  /** A route gets nothing of what an earlier one with no more conditions takes. */
  private static void requireReachable(ContentRoute route, List<ContentRoute> before) {
    for (var path : route.paths()) {
      for (var earlier : before) {
        if (earlier.covers(path) && route.conditionTexts().containsAll(earlier.conditionTexts())) {
          throw new InvalidRoutes(
              "Route %s is never reached for %s: route %s, which is before it, takes these requests"
                  .formatted(route.id(), path.getPatternString(), earlier.id()));
        }
      }
    }
  }

  /** Customers on any side of a split must have a route. */
  private static void requireAllSides(ContentRoute route, List<ContentRoute> all) {
    var side = route.split();
    if (side == null) {
      return;
    }
    for (int i = 0; i < side.split().sides().size(); i++) {
      var other = side.split().sides().get(i);
      var conditions = new HashSet<>(route.conditionTexts());
      conditions.remove(Condition.side(side.split(), side.side()).text());
      conditions.add(Condition.side(side.split(), i).text());
      for (var path : route.paths()) {
        if (other.percent() > 0
            && all.stream()
                .noneMatch(candidate ->
                    candidate.covers(path) && conditions.containsAll(candidate.conditionTexts()))) {
          throw new InvalidRoutes(
              "No route takes %s for customers on side %s of split %s; add one after route %s"
                  .formatted(
                      path.getPatternString(), other.name(), side.split().name(), route.id()));
        }
      }
    }
  }

  private static <T> T named(String where, java.util.function.Supplier<T> parse) {
    try {
      return parse.get();
    } catch (IllegalArgumentException e) {
      throw new InvalidRoutes(where + ": " + e.getMessage());
    }
  }
}

package shop.gateway.routes;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The routes file: what it says, not yet checked.
 *
 * @param routes the first that matches a request gets it
 * @param splits divisions of the customers among sides that routes name
 */
@ConfigurationProperties(prefix = "shop.routing", ignoreUnknownFields = false)
record RouteSettings(@DefaultValue List<Entry> routes, @DefaultValue List<SplitEntry> splits) {

  /**
   * A route. A request must meet all of its conditions.
   *
   * @param id unique; in logs
   * @param paths path patterns, of which one must match; see {@link
   *     org.springframework.web.util.pattern.PathPattern}
   * @param headers conditions of the form {@code NAME=PATTERN}; see {@link Condition}
   * @param cookies the same of cookies
   * @param split {@code SPLIT/SIDE}: the side that the customer must be on
   * @param service a name of {@code shop.gateway.services}
   * @param websocket whether requests may open a WebSocket
   */
  record Entry(
      @DefaultValue("") String id,
      @DefaultValue List<String> paths,
      @DefaultValue List<String> headers,
      @DefaultValue List<String> cookies,
      @Nullable String split,
      @DefaultValue("") String service,
      @DefaultValue("false") boolean websocket) {}

  /**
   * A division of the customers.
   *
   * @param name part of the hash: each split divides the customers independently
   * @param sides of the form {@code SIDE=PERCENT}; together 100
   */
  record SplitEntry(@DefaultValue("") String name, @DefaultValue List<String> sides) {}
}

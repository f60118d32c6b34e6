package shop.gateway.concurrency;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.http.HttpMethod;
import shop.balancing.Priority;

/**
 * Priorities of requests while a service is overloaded.
 *
 * @param rules the first that matches a request says its priority; without one it is normal
 */
@ConfigurationProperties("shop.priorities")
record PrioritySettings(@DefaultValue List<Rule> rules) {

  PrioritySettings {
    rules = List.copyOf(rules);
  }

  /**
   * The priority of some requests.
   *
   * @param methods all if empty; GET includes HEAD
   * @param path pattern of Spring, such as <code>/orders/{id}/**</code>
   */
  record Rule(@DefaultValue Set<HttpMethod> methods, String path, Priority priority) {

    Rule {
      var all = new HashSet<>(methods);
      if (all.contains(HttpMethod.GET)) {
        all.add(HttpMethod.HEAD);
      }
      methods = Set.copyOf(all);
    }
  }
}

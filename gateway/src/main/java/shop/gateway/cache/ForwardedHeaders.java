package shop.gateway.cache;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import shop.common.trace.TraceContext;

/**
 * Lets a service see only some headers of a request whose response others may get. So no header
 * that is not part of the key can change what is stored (cache poisoning), and a cookie cannot
 * either.
 */
@Component
final class ForwardedHeaders implements HttpHeadersFilter {

  private static final String ATTRIBUTE = "shop.cache.conditions";
  private static final List<String> CONDITIONS =
      List.of(HttpHeaders.IF_NONE_MATCH, HttpHeaders.IF_MODIFIED_SINCE);

  private final List<String> forwarded;
  private final Set<String> selecting;

  ForwardedHeaders(CacheSettings settings) {
    this.forwarded =
        Stream.concat(settings.requestHeaders().stream(), Stream.of(TraceContext.HEADER)).toList();
    this.selecting =
        settings.requestHeaders().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The headers that a response may vary by, in lower case. */
  Set<String> selecting() {
    return selecting;
  }

  /** Limits the headers of a request with the conditions of the client. */
  static void limit(ServerWebExchange exchange) {
    var conditions = new HttpHeaders();
    for (String name : CONDITIONS) {
      copy(name, exchange.getRequest().getHeaders(), conditions);
    }
    exchange.getAttributes().put(ATTRIBUTE, conditions);
  }

  /** Limits the headers of a request that validates a stored response, if there is one. */
  static void limit(ServerWebExchange exchange, @Nullable StoredResponse stored) {
    var conditions = new HttpHeaders();
    if (stored != null) {
      add(conditions, HttpHeaders.IF_NONE_MATCH, stored.header(HttpHeaders.ETAG));
      add(conditions, HttpHeaders.IF_MODIFIED_SINCE, stored.header(HttpHeaders.LAST_MODIFIED));
    }
    exchange.getAttributes().put(ATTRIBUTE, conditions);
  }

  private static void add(HttpHeaders headers, String name, @Nullable String value) {
    if (value != null) {
      headers.add(name, value);
    }
  }

  private static void copy(String name, HttpHeaders from, HttpHeaders to) {
    var values = from.get(name);
    if (values != null) {
      to.addAll(name, values);
    }
  }

  @Override
  public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
    @Nullable HttpHeaders conditions = exchange.getAttribute(ATTRIBUTE);
    if (conditions == null) {
      return input;
    }
    var limited = new HttpHeaders();
    forwarded.forEach(name -> copy(name, input, limited));
    limited.addAll(conditions);
    return limited;
  }
}

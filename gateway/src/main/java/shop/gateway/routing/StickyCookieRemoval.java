package shop.gateway.routing;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/** Keeps the gateway's own cookies from the services. */
@Component
final class StickyCookieRemoval implements HttpHeadersFilter {

  @Override
  public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
    var lines = input.getOrEmpty(HttpHeaders.COOKIE);
    if (lines.stream().noneMatch(line -> line.contains(StickyCookie.PREFIX))) {
      return input;
    }
    var headers = new HttpHeaders();
    headers.addAll(input);
    headers.remove(HttpHeaders.COOKIE);
    headers.addAll(HttpHeaders.COOKIE, others(lines));
    return headers;
  }

  private static List<String> others(List<String> lines) {
    return lines.stream()
        .map(line ->
            Arrays.stream(line.split(";"))
                .map(String::strip)
                .filter(pair -> !pair.startsWith(StickyCookie.PREFIX))
                .collect(Collectors.joining("; ")))
        .filter(line -> !line.isEmpty())
        .toList();
  }

  @Override
  public boolean supports(Type type) {
    return type.equals(Type.REQUEST);
  }
}

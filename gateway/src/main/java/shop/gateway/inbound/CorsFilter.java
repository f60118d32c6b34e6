package shop.gateway.inbound;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import shop.common.problem.Problem;

/**
 * Cross-origin requests of browsers (WHATWG Fetch, CORS protocol). Answers every preflight request
 * by itself, without a token and without asking a service. A page of another origin can send other
 * requests, but not read the response.
 */
@Component
final class CorsFilter implements WebFilter, Ordered {

  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
  private static final String REQUEST_HEADERS =
      "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID,"
          + " traceparent";
  private static final String RESPONSE_HEADERS =
      "ETag, Idempotent-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After,"
          + " WWW-Authenticate";

  private final CorsSettings settings;

  CorsFilter(CorsSettings settings) {
    this.settings = settings;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var request = exchange.getRequest();
    @Nullable String origin = request.getHeaders().getOrigin();
    boolean allowed = origin != null && settings.allowedOrigins().contains(origin);
    if (!CorsUtils.isPreFlightRequest(request)) {
      if (origin != null && !allowed && opensWebSocketFromElsewhere(request, origin)) {
        return Mono.error(notAllowed());
      }
      if (allowed) {
        addOnCommit(exchange, origin, Map.of("Access-Control-Expose-Headers", RESPONSE_HEADERS));
      }
      return chain.filter(exchange);
    }
    if (!allowed) {
      return Mono.error(notAllowed());
    }
    exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
    addOnCommit(
        exchange,
        origin,
        Map.of(
            "Access-Control-Allow-Methods", METHODS,
            "Access-Control-Allow-Headers", REQUEST_HEADERS,
            "Access-Control-Max-Age", Long.toString(settings.maxAge().toSeconds())));
    return exchange.getResponse().setComplete();
  }

  /**
   * Browsers let pages of every origin open a WebSocket and read what it sends (RFC 6455, section
   * 10.2). Those of the gateway's own host may.
   */
  private static boolean opensWebSocketFromElsewhere(ServerHttpRequest request, String origin) {
    var headers = request.getHeaders();
    return "websocket".equalsIgnoreCase(headers.getUpgrade())
        && !origin
            .replaceFirst("^https?://", "")
            .equalsIgnoreCase(headers.getFirst(HttpHeaders.HOST));
  }

  private static Problem notAllowed() {
    return Problem.of(HttpStatus.FORBIDDEN, "origin-not-allowed", "Origin not allowed")
        .detail("Web pages of this origin may not call the API");
  }

  /** Adds the headers last: an error clears those that were set before. */
  private static void addOnCommit(
      ServerWebExchange exchange, @Nullable String origin, Map<String, String> others) {
    var response = exchange.getResponse();
    response.beforeCommit(() -> {
      var headers = response.getHeaders();
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      others.forEach(headers::set);
      headers.setVary(vary(headers));
      return Mono.empty();
    });
  }

  private static List<String> vary(HttpHeaders headers) {
    var vary = new java.util.ArrayList<>(headers.getVary());
    vary.add(HttpHeaders.ORIGIN);
    return vary;
  }

  /** Runs after the filter that rejects ambiguous requests, and before the one that authorizes. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 5;
  }
}

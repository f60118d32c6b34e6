package shop.gateway.routing;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.web.server.ServerWebExchange;

/** The instance that a request's cookie binds its client to, and the cookie of its response. */
final class StickySession {

  private final StickyCookie cookie;
  private final StickyCookie.@Nullable Binding before;

  StickySession(StickyCookie cookie, ServerWebExchange exchange) {
    this.cookie = cookie;
    var sent = exchange.getRequest().getCookies().getFirst(cookie.name());
    this.before = sent == null ? null : cookie.read(sent.getValue());
  }

  /** The id of the instance that the client is bound to; null if to none. */
  @Nullable String instance() {
    return before == null ? null : before.instance();
  }

  /** Binds the client to the instance that has answered, unless it is bound to it already. */
  void bind(ServerWebExchange exchange, String instance) {
    if (before != null && before.fresh() && before.instance().equals(instance)) {
      return;
    }
    var response = exchange.getResponse();
    response.addCookie(
        ResponseCookie.from(cookie.name(), cookie.bindTo(instance))
            .path("/")
            .maxAge(cookie.life())
            .httpOnly(true)
            .secure("https".equals(exchange.getRequest().getURI().getScheme()))
            .sameSite("Lax")
            .build());
    keepOutOfSharedCaches(response.getHeaders());
  }

  /** A cache that many clients share would give all of them the cookie of one. */
  private static void keepOutOfSharedCaches(HttpHeaders headers) {
    var control = headers.getCacheControl();
    if (control == null || !control.contains("no-store")) {
      headers.setCacheControl("private");
    }
  }
}

package shop.gateway.cache;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import shop.common.http.EntityTag;
import shop.common.http.EntityTags;

/** Writes a stored response to a client, or 304 if the client has it already. */
final class CachedResponse {

  /** The headers of a 304 (RFC 9110, section 15.4.5). */
  private static final Set<String> OF_NOT_MODIFIED =
      Set.of(
          "cache-control", "content-location", "date", "etag", "expires", "last-modified", "vary");

  private CachedResponse() {}

  /**
   * Writes it. A HEAD gets the head.
   *
   * @throws shop.common.problem.Problem 400 if {@code If-None-Match} is malformed
   */
  static Mono<Void> write(
      ServerWebExchange exchange, StoredResponse stored, CacheStatus status, long now) {
    boolean ok = stored.status() == HttpStatus.OK.value();
    boolean notModified = ok && isNotModified(exchange.getRequest().getHeaders(), stored);
    var response = exchange.getResponse();
    var headers = response.getHeaders();
    List<String> all = stored.headers();
    for (int i = 0; i < all.size(); i += 2) {
      if (!notModified || OF_NOT_MODIFIED.contains(all.get(i).toLowerCase(Locale.ROOT))) {
        headers.add(all.get(i), all.get(i + 1));
      }
    }
    headers.add(CacheStatus.HEADER, status.value());
    if (ok) {
      headers.set(HttpHeaders.AGE, Long.toString(stored.age(now)));
    }
    if (notModified) {
      response.setStatusCode(HttpStatus.NOT_MODIFIED);
      return response.setComplete();
    }
    response.setStatusCode(HttpStatusCode.valueOf(stored.status()));
    headers.setContentLength(stored.body().remaining());
    return exchange.getRequest().getMethod().equals(HttpMethod.HEAD)
        ? response.setComplete()
        : response.writeWith(Mono.just(response.bufferFactory().wrap(stored.body().duplicate())));
  }

  private static boolean isNotModified(HttpHeaders request, StoredResponse stored) {
    var tags = request.get(HttpHeaders.IF_NONE_MATCH);
    if (tags != null) {
      var expected = EntityTags.parse(HttpHeaders.IF_NONE_MATCH, String.join(",", tags));
      var tag = stored.header(HttpHeaders.ETAG);
      return expected.any() || (tag != null && expected.matchWeakly(entityTag(tag)));
    }
    var since = date(request.getFirst(HttpHeaders.IF_MODIFIED_SINCE));
    var modified = since == null ? null : date(stored.header(HttpHeaders.LAST_MODIFIED));
    return modified != null && !modified.isAfter(since);
  }

  private static EntityTag entityTag(String tag) {
    int begin = tag.indexOf('"') + 1;
    int end = tag.lastIndexOf('"');
    return new EntityTag(begin <= end ? tag.substring(begin, end) : tag);
  }

  private static @Nullable Instant date(@Nullable String value) {
    try {
      return value == null
          ? null
          : ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException _) {
      return null;
    }
  }
}

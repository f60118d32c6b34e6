package shop.gateway.cache;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.PRESERVE_HOST_HEADER_ATTRIBUTE;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;
import reactor.netty.http.client.HttpClientResponse;

/** Decides what becomes of the response of one fill: stored, shared with those who wait, or not. */
final class Filling {

  private static final Logger log = LoggerFactory.getLogger(Filling.class);

  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;
  private static final int CLIENT_ERROR = 400;
  private static final int SERVER_ERROR = 500;

  /** Statuses that say that there is no such response any more. */
  private static final Set<Integer> GONE =
      Set.of(HttpStatus.NOT_FOUND.value(), HttpStatus.GONE.value());

  private final ResponseCache cache;
  private final Fill fill;
  private final HttpHeaders request;
  private final Set<String> selecting;
  private final @Nullable Resource stale;
  private Map<String, Object> attributes = Map.of();
  private volatile boolean streamed;

  /**
   * Of a fill that has begun.
   *
   * @param request headers of the client's request
   * @param selecting headers that a response may vary by
   * @param stale what is stored for the request and not fresh; its one response is validated
   */
  Filling(
      ResponseCache cache,
      Fill fill,
      HttpHeaders request,
      Set<String> selecting,
      @Nullable Resource stale) {
    this.cache = cache;
    this.fill = fill;
    this.request = request;
    this.selecting = selecting;
    this.stale = stale;
  }

  /** Tells what the filters of the gateway know of the exchange with the service. */
  void attributes(Map<String, Object> ofExchange) {
    attributes = ofExchange;
  }

  /** True if others than the client that caused the fill may get a response with this head. */
  boolean isForMany(int status, HttpHeaders headers) {
    if (status == NOT_MODIFIED) {
      return stale != null;
    }
    if (status >= SERVER_ERROR && isStaleUsable()) {
      return true;
    }
    return headers.getContentLength() <= cache.settings().maxEntry().toBytes()
        && !isForOne(headers)
        && (status >= SERVER_ERROR || (status == OK && isStorable(headers) && endsCertainly()));
  }

  /** True if the head says that no one else may get the response. */
  private boolean isForOne(HttpHeaders headers) {
    return CacheControl.parse(headers.getOrEmpty(HttpHeaders.CACHE_CONTROL)).forbidsSharedCaching()
        || headers.containsHeader(HttpHeaders.SET_COOKIE)
        || Resource.varying(headers, selecting) == null;
  }

  private boolean isStorable(HttpHeaders headers) {
    var freshness = freshness(headers);
    return freshness != null
        && freshness.remaining().isPositive()
        && !headers.containsHeader(HttpHeaders.CONTENT_RANGE)
        && !Boolean.TRUE.equals(attributes.get(PRESERVE_HOST_HEADER_ATTRIBUTE));
  }

  /** False if the body ends where the connection does: it may have been cut off. */
  private boolean endsCertainly() {
    return !(attributes.get(CLIENT_RESPONSE_ATTR) instanceof HttpClientResponse response)
        || response.responseHeaders().contains(HttpHeaders.CONTENT_LENGTH)
        || response.responseHeaders().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  private @Nullable Freshness freshness(HttpHeaders headers) {
    return Freshness.of(
        CacheControl.parse(headers.getOrEmpty(HttpHeaders.CACHE_CONTROL)),
        headers,
        Duration.ofNanos(Math.max(0, cache.now() - fill.begun())),
        cache.settings().maxStale());
  }

  /** The response is complete. */
  void captured(int status, HttpHeaders headers, ByteBuffer body) {
    if (status == NOT_MODIFIED) {
      confirmed(headers);
    } else if (status >= SERVER_ERROR) {
      failed(response(status, StoredResponse.storable(headers), body, headers, null));
    } else {
      stored(
          response(status, StoredResponse.storable(headers), body, headers, freshness(headers)),
          CacheStatus.MISS);
    }
  }

  private void failed(Resource error) {
    if (isStaleUsable()) {
      useStale("status " + error.variants().getFirst().status());
    } else {
      complete(new Outcome.Fetched(error, CacheStatus.MISS));
    }
  }

  private void confirmed(HttpHeaders headers) {
    var before = Objects.requireNonNull(stale).variants().getFirst();
    var tag = headers.getETag();
    var updated = new HttpHeaders();
    var list = before.updated(headers);
    for (int i = 0; i < list.size(); i += 2) {
      updated.add(list.get(i), list.get(i + 1));
    }
    if ((tag != null && !tag.equals(before.header(HttpHeaders.ETAG)))
        || isForOne(updated)
        || !isStorable(withAge(updated, headers))) {
      cache.remove(fill.key().resource());
      complete(new Outcome.Nothing());
      return;
    }
    stored(
        response(before.status(), list, before.body(), updated, freshness(updated)),
        CacheStatus.REVALIDATED);
  }

  private static HttpHeaders withAge(HttpHeaders updated, HttpHeaders received) {
    var age = received.getFirst(HttpHeaders.AGE);
    if (age != null) {
      updated.set(HttpHeaders.AGE, age);
    }
    return updated;
  }

  private Resource response(
      int status,
      List<String> stored,
      ByteBuffer body,
      HttpHeaders headers,
      @Nullable Freshness freshness) {
    var vary = Objects.requireNonNull(Resource.varying(headers, selecting));
    long age = freshness == null ? 0 : freshness.initialAge().toNanos();
    return new Resource(
        vary,
        List.of(
            new StoredResponse(
                status,
                stored,
                body,
                Resource.selectors(vary, request),
                freshness,
                cache.now() - age)));
  }

  private void stored(Resource response, CacheStatus status) {
    cache.store(fill, response);
    complete(new Outcome.Fetched(response, status));
  }

  /**
   * The response goes to the client that caused the fill.
   *
   * @param status 0 if it is not one of the known statuses
   */
  void streamed(int status) {
    streamed = true;
    if (status < CLIENT_ERROR) {
      cache.markUncacheable(fill.key().resource());
    }
    if (status < CLIENT_ERROR || GONE.contains(status)) {
      cache.remove(fill.key().resource());
    }
    complete(new Outcome.Streamed());
  }

  /** The service could not be asked, or its response was cut off. */
  void failed(Throwable failure) {
    if (streamed) {
      return;
    }
    boolean refused =
        failure instanceof ErrorResponse response
            && response.getStatusCode().value() < SERVER_ERROR;
    if (!refused && isStaleUsable()) {
      useStale(failure.toString());
    } else {
      cache.fills().end(fill);
      fill.fail(failure);
    }
  }

  /** The filters have ended; they have written nothing if there is no outcome so far. */
  void ended() {
    complete(new Outcome.Nothing());
  }

  private boolean isStaleUsable() {
    return stale != null && stale.variants().getFirst().isUsableIfError(cache.now());
  }

  private void useStale(String reason) {
    log.warn("Serving a stale response for {}: {}", fill.key().resource(), reason);
    cache.markFailed(fill.key().resource());
    complete(new Outcome.Fetched(Objects.requireNonNull(stale), CacheStatus.STALE));
  }

  private void complete(Outcome outcome) {
    cache.fills().end(fill);
    fill.complete(outcome);
  }
}

package shop.gateway.cache;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import shop.common.problem.Problem;
import shop.gateway.traffic.Traffic;

/**
 * Answers public GETs from what is stored, and lets equal requests that arrive together wait for
 * one request to the service. {@code Cache-Control} of a request has no effect: no client can make
 * the gateway ask a service more often.
 */
@Component
final class CacheFilter implements WebFilter, Ordered {

  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

  /** Requests with these are for the service alone. */
  private static final List<String> BYPASSING =
      List.of(
          HttpHeaders.AUTHORIZATION,
          HttpHeaders.IF_MATCH,
          HttpHeaders.IF_UNMODIFIED_SINCE,
          HttpHeaders.TRANSFER_ENCODING);

  private final ResponseCache cache;
  private final CachedPaths paths;
  private final ForwardedHeaders forwarded;
  private final int maxEntry;
  private final Duration coalescingTimeout;

  CacheFilter(ResponseCache cache, CachedPaths paths, ForwardedHeaders forwarded) {
    this.cache = cache;
    this.paths = paths;
    this.forwarded = forwarded;
    this.maxEntry = (int) cache.settings().maxEntry().toBytes();
    this.coalescingTimeout = cache.settings().coalescingTimeout();
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var request = exchange.getRequest();
    if (!paths.contain(request.getPath().pathWithinApplication())) {
      return chain.filter(exchange);
    }
    if (!SAFE.contains(request.getMethod())) {
      invalidateAfterSuccess(exchange);
      return chain.filter(exchange);
    }
    return isForMany(request)
        ? answer(new Visit(exchange, chain, CacheKey.of(request.getURI())))
        : chain.filter(exchange);
  }

  private static boolean isForMany(ServerHttpRequest request) {
    var headers = request.getHeaders();
    var method = request.getMethod();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      return false;
    }
    for (String name : BYPASSING) {
      if (headers.containsHeader(name)) {
        return false;
      }
    }
    // Java's client offers h2c with its first request; only an offered WebSocket is to be passed
    // on.
    return headers.getContentLength() <= 0
        && !"websocket".equalsIgnoreCase(headers.getFirst(HttpHeaders.UPGRADE));
  }

  /** One request that may be answered from the cache. */
  private record Visit(ServerWebExchange exchange, WebFilterChain chain, String key) {
    HttpHeaders headers() {
      return exchange.getRequest().getHeaders();
    }
  }

  private Mono<Void> answer(Visit visit) {
    long now = cache.now();
    var resource = cache.find(visit.key());
    var stored = resource == null ? null : resource.find(visit.headers());
    if (stored != null && stored.isFresh(now)) {
      return write(visit, stored, CacheStatus.HIT);
    }
    if (stored != null && isUsableStale(visit, stored, now)) {
      if (!cache.hasFailed(visit.key())) {
        revalidate(visit, resource, stored);
      }
      return write(visit, stored, CacheStatus.STALE);
    }
    if (visit.exchange().getRequest().getMethod().equals(HttpMethod.HEAD)
        || cache.isUncacheable(visit.key())) {
      return pass(visit);
    }
    return fillOrWait(visit, resource, stored, now);
  }

  private boolean isUsableStale(Visit visit, StoredResponse stored, long now) {
    return stored.isUsableWhileRevalidating(now)
        || (stored.isUsableIfError(now) && cache.hasFailed(visit.key()));
  }

  private Mono<Void> fillOrWait(
      Visit visit, @Nullable Resource resource, @Nullable StoredResponse stored, long now) {
    var key =
        new Fill.Key(
            visit.key(), resource == null ? List.of() : resource.selectors(visit.headers()));
    var running = cache.fills().find(key);
    if (running != null) {
      return await(visit, running, stored, now);
    }
    var fill = cache.fills().begin(key, now);
    if (fill == null) {
      running = cache.fills().find(key);
      return running == null ? pass(visit) : await(visit, running, stored, now);
    }
    if (isFreshMeanwhile(visit)) {
      // Another fill ended after this request had looked.
      cache.fills().end(fill);
      fill.complete(new Outcome.Nothing());
      return answer(visit);
    }
    return fill(visit, fill, stale(resource, stored));
  }

  private boolean isFreshMeanwhile(Visit visit) {
    var resource = cache.find(visit.key());
    var stored = resource == null ? null : resource.find(visit.headers());
    return (stored != null && stored.isFresh(cache.now())) || cache.isUncacheable(visit.key());
  }

  private static @Nullable Resource stale(
      @Nullable Resource resource, @Nullable StoredResponse stored) {
    return resource == null || stored == null
        ? null
        : new Resource(resource.vary(), List.of(stored));
  }

  private Mono<Void> await(Visit visit, Fill fill, @Nullable StoredResponse stored, long now) {
    var left = coalescingTimeout.minusNanos(now - fill.begun());
    if (!left.isPositive()) {
      return withoutWaiting(visit, stored);
    }
    return fill.outcome()
        .timeout(left)
        .map(Optional::of)
        .onErrorResume(
            failure -> failure instanceof TimeoutException || failure instanceof Problem,
            _ -> Mono.just(Optional.empty()))
        .flatMap(outcome ->
            outcome.isPresent()
                ? conclude(visit, outcome.get(), true)
                : withoutWaiting(visit, stored));
  }

  private Mono<Void> withoutWaiting(Visit visit, @Nullable StoredResponse stored) {
    return stored != null && stored.isUsableIfError(cache.now())
        ? write(visit, stored, CacheStatus.STALE)
        : pass(visit);
  }

  private Mono<Void> fill(Visit visit, Fill fill, @Nullable Resource stale) {
    return Mono.deferContextual(context -> {
      var ended = Sinks.<Void>empty();
      var filling = new Filling(cache, fill, visit.headers(), forwarded.selecting(), stale);
      var response = new FillResponse(visit.exchange().getResponse(), filling, maxEntry);
      var running =
          request(visit, filling, response, stale)
              .contextWrite(context)
              .subscribe(
                  _ -> {},
                  failure -> {
                    filling.failed(failure);
                    ended.tryEmitError(failure);
                  },
                  () -> {
                    filling.ended();
                    ended.tryEmitEmpty();
                  });
      return fill.outcome()
          .flatMap(outcome -> {
            if (outcome instanceof Outcome.Streamed) {
              count(visit, CacheStatus.MISS);
              return ended.asMono();
            }
            return conclude(visit, outcome, false);
          })
          .doOnCancel(() -> response.abandon(running));
    });
  }

  /** Fetches a newer response that no client waits for. */
  private void revalidate(Visit visit, @Nullable Resource resource, StoredResponse stored) {
    if (resource == null) {
      return;
    }
    var fill =
        cache
            .fills()
            .begin(new Fill.Key(visit.key(), resource.selectors(visit.headers())), cache.now());
    if (fill == null) {
      return;
    }
    var stale = stale(resource, stored);
    var filling = new Filling(cache, fill, visit.headers(), forwarded.selecting(), stale);
    var response = new FillResponse(visit.exchange().getResponse(), filling, maxEntry);
    response.abandon(null);
    var _ =
        request(visit, filling, response, stale)
            .subscribe(_ -> {}, filling::failed, filling::ended);
  }

  private Mono<Void> request(
      Visit visit, Filling filling, FillResponse response, @Nullable Resource stale) {
    var exchange = new FillExchange(visit.exchange(), response);
    ForwardedHeaders.limit(exchange, stale == null ? null : stale.variants().getFirst());
    filling.attributes(exchange.getAttributes());
    return Mono.defer(() -> visit.chain().filter(exchange));
  }

  private Mono<Void> conclude(Visit visit, Outcome outcome, boolean waited) {
    return switch (outcome) {
      case Outcome.Fetched(var resource, var status) -> {
        var response = resource.find(visit.headers());
        if (response == null) {
          yield pass(visit);
        }
        yield write(
            visit,
            response,
            waited && status != CacheStatus.STALE ? CacheStatus.COALESCED : status);
      }
      case Outcome.Streamed() -> pass(visit);
      case Outcome.Nothing() -> pass(visit);
    };
  }

  private Mono<Void> write(Visit visit, StoredResponse stored, CacheStatus status) {
    count(visit, status);
    return CachedResponse.write(visit.exchange(), stored, status, cache.now());
  }

  private void count(Visit visit, CacheStatus status) {
    cache.count(status);
    Traffic.of(visit.exchange()).cache(status.label());
  }

  private Mono<Void> pass(Visit visit) {
    count(visit, CacheStatus.PASS);
    var exchange = visit.exchange();
    ForwardedHeaders.limit(exchange);
    exchange.getResponse().getHeaders().set(CacheStatus.HEADER, CacheStatus.PASS.value());
    return visit.chain().filter(exchange);
  }

  /** A change of a resource makes what is stored of it invalid (RFC 9111, section 4.4). */
  private void invalidateAfterSuccess(ServerWebExchange exchange) {
    var response = exchange.getResponse();
    response.beforeCommit(() -> {
      HttpStatusCode status = response.getStatusCode();
      if (status == null || status.is2xxSuccessful() || status.is3xxRedirection()) {
        var uri = exchange.getRequest().getURI();
        cache.invalidate(CacheKey.of(uri));
        cache.invalidate(CacheKey.ofPath(uri));
      }
      return Mono.empty();
    });
  }

  /** After the filters that authorize and limit requests, before the choice of a route. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 30;
  }
}

package shop.gateway.traffic;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.SignalType;
import shop.gateway.edge.ClientLocality;

/**
 * What is noted of one request on its way through the gateway. Its signals follow each other; a
 * fill of the cache that outlives it may note something that nobody reads any more.
 */
public final class Traffic {

  private static final String ATTRIBUTE = "shop.traffic";

  /** For exchanges of which nothing is recorded, such as checks of health. */
  private static final Traffic UNRECORDED = new Traffic(Instant.EPOCH, 0);

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

  private final Instant time;
  private final long begin;
  private final LongAdder bytesOut = new LongAdder();
  private volatile @Nullable ServerWebExchange exchange;
  private volatile @Nullable String route;
  private volatile @Nullable String service;
  private volatile @Nullable String instance;
  private volatile int attempts;
  private volatile long upstreamNanos = -1;
  private volatile long bytesIn;
  private volatile @Nullable String cache;
  private volatile @Nullable String rateLimit;
  private volatile boolean brokeOff;

  Traffic(Instant time, long begin) {
    this.time = time;
    this.begin = begin;
  }

  void attachTo(ServerWebExchange of) {
    exchange = of;
    of.getAttributes().put(ATTRIBUTE, this);
  }

  /** What is noted of the exchange's request. */
  public static Traffic of(ServerWebExchange exchange) {
    return exchange.getAttributeOrDefault(ATTRIBUTE, UNRECORDED);
  }

  /** It is for a service. */
  public void routed(ServerWebExchange toService, String name) {
    Route chosen = toService.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
    route = chosen == null ? null : chosen.getId();
    service = name;
  }

  /** It is sent to an instance. */
  public void sent(String instanceId, int attempt) {
    instance = instanceId;
    attempts = attempt;
  }

  /** The instance has sent the headers of its response. */
  public void responded(long nanos) {
    upstreamNanos = nanos;
  }

  /** The size of its body. */
  public void received(long bytes) {
    bytesIn = bytes;
  }

  /** How the cache treated it: a constant of few. */
  public void cache(String result) {
    cache = result;
  }

  /** How its rate limit was decided; a refusal is final. */
  public void rateLimit(boolean allowed) {
    rateLimit = allowed ? "allowed" : "refused";
  }

  /** The response failed after it had begun. */
  void brokeOff() {
    brokeOff = true;
  }

  void written(long bytes) {
    bytesOut.add(bytes);
  }

  boolean hasWritten(long bytes) {
    return bytesOut.sum() >= bytes;
  }

  /**
   * The record of the request, at its end.
   *
   * @param stayed false if the client left before the response was whole
   */
  TrafficRecord record(
      String gateway,
      String method,
      int status,
      SignalType end,
      boolean stayed,
      long now,
      RouteByPath routes) {
    var region = region();
    long upstream = upstreamNanos;
    return new TrafficRecord(
        time,
        gateway,
        route(routes),
        service,
        instance,
        METHODS.contains(method) ? method : "OTHER",
        status,
        micros(now - begin),
        upstream < 0 ? null : micros(upstream),
        bytesIn,
        bytesOut.sum(),
        attempts,
        cache,
        rateLimit,
        region == null || region.isEmpty() ? null : region,
        outcome(end, stayed));
  }

  /** The server hides from its handlers that a client is gone or a response has failed. */
  private String outcome(SignalType end, boolean stayed) {
    if (end == SignalType.CANCEL || !stayed) {
      return "cancelled";
    }
    return brokeOff || end == SignalType.ON_ERROR ? "error" : "completed";
  }

  private @Nullable String region() {
    var of = exchange;
    return of == null ? null : ClientLocality.of(of).region();
  }

  private @Nullable String route(RouteByPath routes) {
    var known = route;
    var of = exchange;
    if (known != null || of == null) {
      return known;
    }
    Map<String, Object> attributes = of.getAttributes();
    if (attributes.get(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR) instanceof Route chosen) {
      return chosen.getId();
    }
    var pattern = attributes.get(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
    return pattern == null
        ? routes.routeOf(of.getRequest().getPath().pathWithinApplication())
        : pattern.toString();
  }

  private static long micros(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos);
  }
}

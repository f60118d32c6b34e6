package shop.gateway.routing;

import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import shop.balancing.Call;
import shop.balancing.Endpoint;
import shop.balancing.Instance;
import shop.balancing.Lease;
import shop.gateway.concurrency.ServiceConcurrency;

/**
 * One request's way to an instance: those that it has tried, and its lease of the present one. Its
 * signals come from one thread at a time, except {@link #end}.
 */
final class UpstreamCall {
  private static final String ATTRIBUTE = "shop.upstream-call";

  private final Upstream upstream;
  private final Call call;
  private final @Nullable StickySession session;
  private final ServiceConcurrency.Slot slot;
  private int attempts;
  private long sentAt;
  private boolean counted;
  private volatile @Nullable Endpoint endpoint;
  private volatile @Nullable Lease lease;
  private volatile boolean ended;
  private boolean upgraded;

  UpstreamCall(
      Upstream upstream, Call call, @Nullable StickySession session, ServiceConcurrency.Slot slot) {
    this.upstream = upstream;
    this.call = call;
    this.session = session;
    this.slot = slot;
  }

  void attachTo(ServerWebExchange exchange) {
    exchange.getAttributes().put(ATTRIBUTE, this);
  }

  /** The exchange's call; null before an instance is chosen, and for the gateway's own paths. */
  static @Nullable UpstreamCall of(ServerWebExchange exchange) {
    return exchange.getAttribute(ATTRIBUTE);
  }

  Upstream upstream() {
    return upstream;
  }

  /**
   * Chooses an instance that the request has not tried, and begins a lease. If there is no other
   * one, the first is tried once more: its connection may have been closed while it was idle.
   *
   * @return null if there is none
   */
  @Nullable Instance choose() {
    var chosen = upstream.instances().pick(call);
    if (chosen == null && attempts == 1) {
      chosen = endpoint;
    }
    if (chosen == null) {
      return null;
    }
    attempts++;
    endpoint = chosen;
    sentAt = Upstream.TICKER.getAsLong();
    counted = false;
    var begun = chosen.load().begin(sentAt);
    lease = begun;
    if (ended) {
      begun.close();
    }
    return chosen.instance();
  }

  /** Reports the response of the chosen instance; its time unless the body is without end. */
  void responded(ResponseKind kind) {
    var chosen = endpoint;
    var current = lease;
    if (chosen == null || current == null) {
      return;
    }
    long now = Upstream.TICKER.getAsLong();
    if (!counted) {
      counted = true;
      upstream.count(chosen.instance(), kind, now - sentAt, now);
    }
    switch (kind) {
      case SUCCESS -> {
        current.headersReceived(now);
        upstream.instances().onSuccess(chosen.instance());
      }
      case STREAM -> upstream.instances().onSuccess(chosen.instance());
      case FAILURE -> {
        current.failed(now);
        upstream.instances().onFailure(chosen.instance(), now);
      }
      case UNAVAILABLE -> {}
    }
  }

  /** The chosen instance accepts to speak another protocol, to which no latency belongs. */
  void upgraded() {
    upgraded = true;
    responded(ResponseKind.STREAM);
    slot.release();
  }

  /** True if the instance's response has been reported by {@link #upgraded}. */
  boolean isUpgraded() {
    return upgraded;
  }

  /** Binds the client to the chosen instance, if the service's algorithm does so. */
  void bind(ServerWebExchange exchange) {
    var chosen = endpoint;
    if (session != null && chosen != null) {
      session.bind(exchange, chosen.instance().id());
    }
  }

  /** Ends the lease of an instance to which the request cannot be sent, and excludes it. */
  void abandon(Throwable failure) {
    if (UpstreamFailures.isOfInstance(failure)) {
      responded(ResponseKind.FAILURE);
    }
    endLease();
    var chosen = endpoint;
    if (chosen != null) {
      call.exclude(chosen.instance());
    }
  }

  /** Completes when a stream from the chosen instance is to end, because that drains. */
  Mono<Void> endOfStream() {
    var chosen = endpoint;
    return chosen == null ? Mono.never() : upstream.drains().endOfStream(chosen.instance().id());
  }

  /** How often it has been sent to an instance. */
  int attempts() {
    return attempts;
  }

  /** Nanoseconds since it was sent to the chosen instance. */
  long elapsed() {
    return Upstream.TICKER.getAsLong() - sentAt;
  }

  /** Ends the request, and with it the lease; a second call does nothing. */
  void end() {
    ended = true;
    slot.release();
    endLease();
  }

  private void endLease() {
    var current = lease;
    if (current != null) {
      current.close();
    }
  }

  /** What a response says about its instance. */
  enum ResponseKind {
    /** Anything but an error of the instance: a refusal of the request as well. */
    SUCCESS,
    /** A success whose body does not end by itself. */
    STREAM,
    /** An error of the instance. */
    FAILURE,
    /** A 503 with Retry-After: the instance lacks something that others lack as well. */
    UNAVAILABLE
  }
}

package shop.gateway.cache;

import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One request to a service, for whose response all requests with the same key wait. */
final class Fill {

  /**
   * What such requests have in common.
   *
   * @param resource the {@link CacheKey}
   * @param selectors values of the selecting headers, as far as they are known
   */
  record Key(String resource, List<String> selectors) {}

  private final Key key;
  private final long begun;
  private final Sinks.One<Outcome> outcome = Sinks.one();
  private volatile boolean invalidated;

  Fill(Key key, long begun) {
    this.key = key;
    this.begun = begun;
  }

  Key key() {
    return key;
  }

  /** When it began, in nanoseconds of the cache's ticker. */
  long begun() {
    return begun;
  }

  /** Forbids to store the response: the resource was changed after the fill began. */
  void invalidate() {
    invalidated = true;
  }

  boolean isInvalidated() {
    return invalidated;
  }

  /** What it brings, or the failure. A subscriber that leaves does not end the fill. */
  Mono<Outcome> outcome() {
    return outcome.asMono();
  }

  /** The first outcome counts. */
  void complete(Outcome brought) {
    outcome.tryEmitValue(brought);
  }

  void fail(Throwable failure) {
    outcome.tryEmitError(failure);
  }
}

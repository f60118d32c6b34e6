package shop.sandbox.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import shop.sandbox.Fact;
import shop.sandbox.StripeError;
import shop.sandbox.ledger.Follower;
import shop.sandbox.ledger.Span;

/**
 * First answers by idempotency key. Only their places in the ledger file are held in memory; a key
 * is forgotten when its life is over.
 *
 * @see <a href="https://docs.stripe.com/api/idempotent_requests">Stripe: idempotent requests</a>
 */
final class IdempotencyKeys implements Follower {

  private record Stored(Instant at, String endpoint, String fingerprint, Span place) {}

  private record Age(Instant at, String key) {}

  private final Clock clock;
  private final Duration life;
  private final Map<String, Stored> stored = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Age> byAge = new ConcurrentLinkedQueue<>();
  private final Set<String> running = ConcurrentHashMap.newKeySet();

  IdempotencyKeys(Clock clock, Duration life) {
    this.clock = clock;
    this.life = life;
  }

  /** What a keyed request meets. */
  sealed interface Claim {
    /** Nobody has used the key: work, then {@link #release}. */
    record First() implements Claim {}

    /** The same request was answered before, in this line of the ledger. */
    record Again(Span place) implements Claim {}
  }

  /**
   * Takes the key for a request.
   *
   * @throws StripeError 409 while another request holds it, 400 if it belongs to another request
   */
  Claim claim(String key, String endpoint, String fingerprint) {
    forgetOld();
    if (!running.add(key)) {
      throw inUse(key);
    }
    // Looked up only once the key is held: its first request may have just finished.
    var first = stored.get(key);
    if (first == null) {
      return new Claim.First();
    }
    running.remove(key);
    if (!first.endpoint.equals(endpoint)) {
      throw StripeError.idempotency(
          400,
          null,
          ("Keys for idempotent requests can only be used for the same endpoint they were first"
                  + " used for ('%s' vs '%s'). Try using a key other than '%s' if you meant to"
                  + " execute a different request.")
              .formatted(endpoint, first.endpoint, key));
    }
    if (!first.fingerprint.equals(fingerprint)) {
      throw StripeError.idempotency(
          400,
          null,
          ("Keys for idempotent requests can only be used with the same parameters they were first"
                  + " used with. Try using a key other than '%s' if you meant to execute a"
                  + " different request.")
              .formatted(key));
    }
    return new Claim.Again(first.place);
  }

  void release(String key) {
    running.remove(key);
  }

  static StripeError inUse(String key) {
    return StripeError.idempotency(
        409,
        "idempotency_key_in_use",
        "There is currently another in-progress request using this Idempotent Key (%s)."
            .formatted(key));
  }

  @Override
  public void on(Fact fact, Span span) {
    if (fact instanceof Fact.KeyStored f && !isOver(f.at())) {
      stored.put(f.key(), new Stored(f.at(), f.endpoint(), f.fingerprint(), span));
      byAge.add(new Age(f.at(), f.key()));
    }
  }

  private void forgetOld() {
    for (var oldest = byAge.peek(); oldest != null && isOver(oldest.at); oldest = byAge.peek()) {
      if (byAge.remove(oldest)) {
        var gone = oldest;
        stored.computeIfPresent(gone.key, (_, s) -> s.at.equals(gone.at) ? null : s);
      }
    }
  }

  private boolean isOver(Instant at) {
    return !clock.instant().isBefore(at.plus(life));
  }
}

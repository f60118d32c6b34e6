package shop.sandbox.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import shop.sandbox.Fact;
import shop.sandbox.StripeError;
import shop.sandbox.ledger.FileRange;
import shop.sandbox.ledger.Follower;

/**
 * First answers by idempotency key. Only their places in the ledger file are held in memory; a key
 * is forgotten when its life is over.
 *
 * @see <a href="https://docs.stripe.com/api/idempotent_requests">Stripe: idempotent requests</a>
 */
final class IdempotencyKeys implements Follower {

  private record Stored(String key, Instant at, FileRange place) {}

  private final Clock clock;
  private final Duration life;
  private final Map<String, Stored> stored = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Stored> byAge = new ConcurrentLinkedQueue<>();
  private final Set<String> running = ConcurrentHashMap.newKeySet();

  IdempotencyKeys(Clock clock, Duration life) {
    this.clock = clock;
    this.life = life;
  }

  /**
   * Takes the key for a request, which must {@link #release} it.
   *
   * @return where the first answer under this key lies in the ledger; empty if there is none
   * @throws StripeError 409 while another request holds the key
   */
  Optional<FileRange> claim(String key) {
    forgetOld();
    if (!running.add(key)) {
      throw inUse(key);
    }
    // Looked up only once the key is held: its first request may have just finished.
    return Optional.ofNullable(stored.get(key)).map(Stored::place);
  }

  /**
   * Lets only the request that a first answer was made for have it again.
   *
   * @throws StripeError 400 if this is another request
   */
  static void requireSame(Fact.KeyStored first, String endpoint, String fingerprint) {
    if (!first.endpoint().equals(endpoint)) {
      throw StripeError.idempotency(
          400,
          null,
          ("Keys for idempotent requests can only be used for the same endpoint they were first"
                  + " used for ('%s' vs '%s'). Try using a key other than '%s' if you meant to"
                  + " execute a different request.")
              .formatted(endpoint, first.endpoint(), first.key()));
    }
    if (!first.fingerprint().equals(fingerprint)) {
      throw StripeError.idempotency(
          400,
          null,
          ("Keys for idempotent requests can only be used with the same parameters they were first"
                  + " used with. Try using a key other than '%s' if you meant to execute a"
                  + " different request.")
              .formatted(first.key()));
    }
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
  public void on(Fact fact, FileRange span) {
    if (fact instanceof Fact.KeyStored f && !isOver(f.at())) {
      var entry = new Stored(f.key(), f.at(), span);
      stored.put(f.key(), entry);
      byAge.add(entry);
    }
  }

  private void forgetOld() {
    for (var oldest = byAge.peek(); oldest != null && isOver(oldest.at); oldest = byAge.peek()) {
      if (byAge.remove(oldest)) {
        stored.remove(oldest.key, oldest);
      }
    }
  }

  private boolean isOver(Instant at) {
    return !clock.instant().isBefore(at.plus(life));
  }
}

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
import shop.sandbox.ledger.FactListener;
import shop.sandbox.ledger.FileRange;

/**
 * The first response of each idempotency key. Memory holds only its byte range in the ledger file;
 * expired keys are removed.
 *
 * @see <a href="https://docs.stripe.com/api/idempotent_requests">Stripe: idempotent requests</a>
 */
final class IdempotencyKeys implements FactListener {

  private record StoredKey(String key, Instant at, FileRange range) {}

  private final Clock clock;
  private final Duration life;
  private final Map<String, StoredKey> stored = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<StoredKey> oldestFirst = new ConcurrentLinkedQueue<>();
  private final Set<String> claimed = ConcurrentHashMap.newKeySet();

  IdempotencyKeys(Clock clock, Duration life) {
    this.clock = clock;
    this.life = life;
  }

  /**
   * Claims the key for a request, which must {@link #release} it.
   *
   * @return the byte range of the key's first response in the ledger; empty if there is none
   * @throws StripeError 409 if another request has claimed the key
   */
  Optional<FileRange> claim(String key) {
    removeExpired();
    if (!claimed.add(key)) {
      throw inUse(key);
    }
    // Read only after the key is claimed, because its first request may just have completed.
    return Optional.ofNullable(stored.get(key)).map(StoredKey::range);
  }

  /**
   * Checks that a stored response belongs to the same request.
   *
   * @throws StripeError 400 if the endpoint or the parameters differ
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
    claimed.remove(key);
  }

  static StripeError inUse(String key) {
    return StripeError.idempotency(
        409,
        "idempotency_key_in_use",
        "There is currently another in-progress request using this Idempotent Key (%s)."
            .formatted(key));
  }

  @Override
  public void on(Fact fact, FileRange range) {
    if (fact instanceof Fact.KeyStored f && !isExpired(f.at())) {
      var entry = new StoredKey(f.key(), f.at(), range);
      stored.put(f.key(), entry);
      oldestFirst.add(entry);
    }
  }

  private void removeExpired() {
    for (var oldest = oldestFirst.peek();
        oldest != null && isExpired(oldest.at);
        oldest = oldestFirst.peek()) {
      if (oldestFirst.remove(oldest)) {
        stored.remove(oldest.key, oldest);
      }
    }
  }

  private boolean isExpired(Instant at) {
    return !clock.instant().isBefore(at.plus(life));
  }
}

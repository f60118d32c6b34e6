package shop.sandbox.web;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import shop.sandbox.Fact;
import shop.sandbox.StripeError;
import shop.sandbox.ledger.StoredKeys;

/**
 * Idempotency keys: which are in use now, and the stored first response of the others.
 *
 * @see <a href="https://docs.stripe.com/api/idempotent_requests">Stripe: idempotent requests</a>
 */
final class IdempotencyKeys {

  private final StoredKeys stored;
  private final Set<String> claimed = ConcurrentHashMap.newKeySet();

  IdempotencyKeys(StoredKeys stored) {
    this.stored = stored;
  }

  /**
   * Claims the key for a request, which must {@link #release} it.
   *
   * @return the key's first response; empty if there is none
   * @throws StripeError 409 if another request has claimed the key
   */
  Optional<Fact.KeyStored> claim(String key) {
    if (!claimed.add(key)) {
      throw inUse(key);
    }
    // Read only after the key is claimed, because its first request may just have completed.
    try {
      return stored.find(key);
    } catch (RuntimeException e) {
      claimed.remove(key);
      throw e;
    }
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
}

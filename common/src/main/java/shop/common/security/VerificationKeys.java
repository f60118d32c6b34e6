package shop.common.security;

import java.security.PublicKey;
import java.util.Optional;

/** The public keys that verify access tokens. */
@FunctionalInterface
public interface VerificationKeys {

  /**
   * The key with an id; empty if no such key is published.
   *
   * @throws KeysUnavailable if the keys cannot be fetched and none are cached
   */
  Optional<PublicKey> find(String keyId);
}

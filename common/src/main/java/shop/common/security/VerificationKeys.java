package shop.common.security;

import java.security.PublicKey;
import java.util.Optional;

/** The public keys by which access tokens are verified. */
@FunctionalInterface
public interface VerificationKeys {

  /**
   * The key of an id; empty if nobody published it.
   *
   * @throws KeysUnavailable if that cannot be told now
   */
  Optional<PublicKey> find(String keyId);
}

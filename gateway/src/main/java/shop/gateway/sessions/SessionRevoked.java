package shop.gateway.sessions;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * The data of {@code shop.session.revoked.v1}.
 *
 * @param until time of the revocation: tokens of the session that were issued until then are
 *     invalid, and none is issued afterwards
 */
record SessionRevoked(String sessionId, UUID accountId, String reason, Instant until) {

  static final String TYPE = "shop.session.revoked.v1";

  SessionRevoked {
    Objects.requireNonNull(sessionId, "sessionId");
    Objects.requireNonNull(until, "until");
  }
}

package shop.gateway.sessions;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * The data of {@code shop.session.revoked.v1}.
 *
 * @param until when it was revoked: no token of the session is good that was issued until then, and
 *     none is issued later
 */
record SessionRevoked(String sessionId, UUID accountId, String reason, Instant until) {

  static final String TYPE = "shop.session.revoked.v1";

  SessionRevoked {
    Objects.requireNonNull(sessionId, "sessionId");
    Objects.requireNonNull(until, "until");
  }
}

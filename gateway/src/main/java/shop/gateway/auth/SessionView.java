package shop.gateway.auth;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import shop.gateway.sessions.Session;

/**
 * One session.
 *
 * @param lastSeenAt time of the login or the last refresh
 * @param device the client that logged in, as it describes itself; empty if it does not
 * @param current true for the session of the request's own token
 */
record SessionView(
    String id, Instant createdAt, Instant lastSeenAt, String device, boolean current) {

  /** An account's sessions, newest first. */
  record SessionList(List<SessionView> items) {}

  static SessionList list(List<Session> sessions, @Nullable String current) {
    return new SessionList(
        sessions.stream()
            .map(session ->
                new SessionView(
                    session.id(),
                    session.created(),
                    session.lastSeen(),
                    session.device(),
                    session.id().equals(current)))
            .toList());
  }
}

package shop.gateway.sessions;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import shop.common.event.Envelope;
import shop.common.kafka.Acknowledged;
import shop.common.kafka.Acknowledged.NotAcknowledged;
import shop.common.kafka.Topics;
import shop.common.problem.Problem;
import shop.gateway.sessions.SessionStore.Rotation;

/**
 * Begins, refreshes and ends sessions. All methods but {@link #isLive} and {@link #revocation}
 * block.
 */
@Component
public final class Sessions {

  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  /**
   * A session and its current refresh token.
   *
   * @param refreshToken in the format that clients receive
   */
  public record ActiveSession(String sessionId, UUID accountId, String refreshToken) {

    /** Omits the token: it is a secret. */
    @Override
    public String toString() {
      return "ActiveSession[" + sessionId + "]";
    }
  }

  /** A refresh token is malformed, unknown, revoked or was used before. */
  public static final class InvalidRefreshToken extends Exception {
    InvalidRefreshToken(String message) {
      super(message);
    }
  }

  private final SessionStore store;
  private final Revocations revocations;
  private final RevocationFreshness freshness;
  private final KafkaTemplate<byte[], byte[]> kafka;
  private final SecureRandom random;
  private final Clock clock;

  Sessions(
      SessionStore store,
      Revocations revocations,
      RevocationFreshness freshness,
      KafkaTemplate<byte[], byte[]> kafka,
      SecureRandom random,
      Clock clock) {
    this.store = store;
    this.revocations = revocations;
    this.freshness = freshness;
    this.kafka = kafka;
    this.random = random;
    this.clock = clock;
  }

  /** Begins a new session of an account. */
  public ActiveSession begin(UUID accountId) {
    var token = RefreshToken.first(random);
    store.open(new Session(token.sessionId(), accountId, clock.instant()), token);
    return new ActiveSession(token.sessionId(), accountId, token.text());
  }

  /**
   * Exchanges a refresh token for the next one. Reuse of a token means that it was copied, so it
   * revokes the session (RFC 9700, section 4.14.2).
   */
  public ActiveSession refresh(String refreshToken) throws InvalidRefreshToken {
    var used =
        RefreshToken.parse(refreshToken)
            .orElseThrow(() -> new InvalidRefreshToken("The token is malformed"));
    if (revocations.contains(used.sessionId())) {
      throw new InvalidRefreshToken("The session was revoked");
    }
    var next = used.next(random);
    return switch (store.rotate(used, next)) {
      case Rotation.Rotated rotated ->
          new ActiveSession(used.sessionId(), rotated.accountId(), next.text());
      case Rotation.UnknownToken _ ->
          throw new InvalidRefreshToken("The session or the token's family is unknown");
      case Rotation.ReusedToken _ -> {
        store
            .find(used.sessionId())
            .ifPresent(session -> end(session.id(), session.accountId(), "refresh-token-reused"));
        throw new InvalidRefreshToken("The token was used twice; its session was revoked");
      }
    };
  }

  /**
   * Ends a session on all gateways. Appends the revocation to the log first, so that its tokens
   * stay invalid even if Redis loses its data. Idempotent.
   *
   * @throws Problem 503 if Kafka does not acknowledge the revocation in time
   */
  public void end(String sessionId, UUID accountId, String reason) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var revocation = new SessionRevoked(sessionId, accountId, reason, now);
    var envelope = Envelope.of(SessionRevoked.TYPE, "gateway", sessionId, now);
    try {
      Acknowledged.append(kafka, envelope.record(Topics.REVOCATIONS.name(), revocation));
    } catch (NotAcknowledged e) {
      throw notAcknowledged(e);
    }
    revocations.add(revocation);
    store.delete(sessionId, accountId);
  }

  /** An account's sessions, newest first. */
  public List<Session> of(UUID accountId) {
    return store.of(accountId).stream()
        .filter(session -> !revocations.contains(session.id()))
        .toList();
  }

  /**
   * True if the session has not ended, as far as this gateway knows: it checks the revocations in
   * memory and, while these may be stale, Redis. Does not block.
   */
  public Mono<Boolean> isLive(String sessionId) {
    if (revocations.contains(sessionId)) {
      return Mono.just(false);
    }
    return freshness.isFresh() ? Mono.just(true) : store.exists(sessionId);
  }

  /** Completes when this gateway learns that the session has been revoked. Does not block. */
  public Mono<Void> revocation(String sessionId) {
    return revocations.of(sessionId);
  }

  private static Problem notAcknowledged(Exception cause) {
    log.warn("Kafka did not acknowledge a revocation; its outcome is unknown", cause);
    return Problem.unavailable(
        "The session may not have ended. The same request is safe to retry", Duration.ofSeconds(1));
  }
}

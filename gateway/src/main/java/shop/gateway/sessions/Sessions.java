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

/** Begins, continues and ends sessions. Blocks, but for {@link #isLive}. */
@Component
public final class Sessions {

  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  /**
   * A session and its only good refresh token.
   *
   * @param refreshToken in the form that clients get
   */
  public record Continued(String sessionId, UUID accountId, String refreshToken) {

    /** Never the token. */
    @Override
    public String toString() {
      return "Continued[" + sessionId + "]";
    }
  }

  /** Says that a refresh token is good for nothing. */
  public static final class NotContinued extends Exception {
    NotContinued(String message) {
      super(message);
    }
  }

  private final SessionStore store;
  private final Revocations revocations;
  private final RevocationFreshness pulse;
  private final KafkaTemplate<byte[], byte[]> kafka;
  private final SecureRandom random;
  private final Clock clock;

  Sessions(
      SessionStore store,
      Revocations revocations,
      RevocationFreshness pulse,
      KafkaTemplate<byte[], byte[]> kafka,
      SecureRandom random,
      Clock clock) {
    this.store = store;
    this.revocations = revocations;
    this.pulse = pulse;
    this.kafka = kafka;
    this.random = random;
    this.clock = clock;
  }

  /** A new session of an account. */
  public Continued begin(UUID accountId) {
    var token = RefreshToken.first(random);
    store.open(new Session(token.sessionId(), accountId, clock.instant()), token);
    return new Continued(token.sessionId(), accountId, token.text());
  }

  /**
   * Exchanges a refresh token for the next one. One that was used before has been copied: its
   * session ends.
   */
  public Continued continueWith(String refreshToken) throws NotContinued {
    var used =
        RefreshToken.parse(refreshToken)
            .orElseThrow(() -> new NotContinued("Not the form of a refresh token"));
    if (revocations.contains(used.sessionId())) {
      throw new NotContinued("The session was revoked");
    }
    var next = used.next(random);
    return switch (store.rotate(used, next)) {
      case Rotation.Done done -> new Continued(used.sessionId(), done.accountId(), next.text());
      case Rotation.Unknown _ -> throw new NotContinued("No such session");
      case Rotation.Reused _ -> {
        store
            .find(used.sessionId())
            .ifPresent(session -> end(session.id(), session.accountId(), "refresh-token-reused"));
        throw new NotContinued("A refresh token was used twice");
      }
    };
  }

  /**
   * Ends a session everywhere: first in the log, so that its tokens are refused whatever happens to
   * Redis. Safe to repeat.
   *
   * @throws Problem 503 if Kafka does not acknowledge in time
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

  /** An account's sessions, the newest first. */
  public List<Session> of(UUID accountId) {
    return store.of(accountId).stream()
        .filter(session -> !revocations.contains(session.id()))
        .toList();
  }

  /** Whether tokens of a session are good, as far as anybody can know now. Does not block. */
  public Mono<Boolean> isLive(String sessionId) {
    if (revocations.contains(sessionId)) {
      return Mono.just(false);
    }
    return pulse.current() ? Mono.just(true) : store.exists(sessionId);
  }

  private static Problem notAcknowledged(Exception cause) {
    log.warn("Kafka did not acknowledge a revocation", cause);
    return Problem.unavailable(
        "The session may not have ended; the same request is safe to repeat",
        Duration.ofSeconds(1));
  }
}

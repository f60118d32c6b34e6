package shop.gateway.sessions;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import shop.common.event.Envelope;
import shop.common.kafka.Acknowledged;
import shop.common.kafka.Acknowledged.NotAcknowledged;
import shop.common.kafka.Topics;
import shop.common.problem.Problem;
import shop.common.time.Polling;
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

  private static final int MAX_DEVICE = 200;

  /** How long a refresh may wait until a Redis that was started holds no ended sessions. */
  private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(3);

  private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);

  private final SessionStore store;
  private final Revocations revocations;
  private final RevocationFreshness freshness;
  private final KafkaTemplate<byte[], byte[]> kafka;
  private final SecureRandom random;
  private final Clock clock;
  private final int maxPerAccount;

  Sessions(
      SessionStore store,
      Revocations revocations,
      RevocationFreshness freshness,
      KafkaTemplate<byte[], byte[]> kafka,
      SecureRandom random,
      Clock clock,
      SessionSettings settings) {
    this.store = store;
    this.revocations = revocations;
    this.freshness = freshness;
    this.kafka = kafka;
    this.random = random;
    this.clock = clock;
    this.maxPerAccount = settings.maxPerAccount();
  }

  /**
   * Begins a new session of an account. If the account has too many, the one ends that was
   * refreshed longest ago.
   *
   * @param device how the client describes itself; cut to 200 characters
   */
  public ActiveSession begin(UUID accountId, String device) {
    var token = RefreshToken.first(random);
    Instant now = clock.instant();
    String cut = device.substring(0, Math.min(device.length(), MAX_DEVICE));
    store.open(new Session(token.sessionId(), accountId, now, now, cut), token);
    if (store.countOf(accountId) > maxPerAccount) {
      of(accountId).stream()
          .sorted(Comparator.comparing(Session::lastSeen).reversed())
          .skip(maxPerAccount)
          .forEach(old -> end(old.id(), accountId, "too-many-sessions"));
    }
    return new ActiveSession(token.sessionId(), accountId, token.text());
  }

  /**
   * Exchanges a refresh token for the next one. Reuse of a token means that it was copied, so it
   * revokes the session (RFC 9700, section 4.14.2). Within a few seconds the same token returns the
   * same next one: the client may not have received the response, or be two tabs of a browser.
   *
   * @throws Problem 503 if Redis has just been started, and may hold sessions that have ended
   */
  public ActiveSession refresh(String refreshToken) throws InvalidRefreshToken {
    var used =
        RefreshToken.parse(refreshToken)
            .orElseThrow(() -> new InvalidRefreshToken("The token is malformed"));
    if (revocations.contains(used.sessionId())) {
      throw new InvalidRefreshToken("The session was revoked");
    }
    var next = used.next(random);
    return switch (rotate(used, next)) {
      case Rotation.Rotated(var account) ->
          new ActiveSession(used.sessionId(), account, next.text());
      case Rotation.Repeated(var account, var sealed) ->
          new ActiveSession(used.sessionId(), account, used.unseal(sealed).text());
      case Rotation.UnknownToken() ->
          throw new InvalidRefreshToken("The session or the token's family is unknown");
      case Rotation.ReusedToken() -> {
        store
            .find(used.sessionId())
            .ifPresent(session -> end(session.id(), session.accountId(), "refresh-token-reused"));
        throw new InvalidRefreshToken("The token was used twice; its session was revoked");
      }
      case Rotation.NotChecked() ->
          throw Problem.unavailable(
              "Sessions are being restored. The same request is safe to retry",
              Duration.ofSeconds(1));
    };
  }

  /** Waits a little if Redis has just been started. */
  private Rotation rotate(RefreshToken used, RefreshToken next) {
    String sealed = used.seal(next, random);
    var rotation = new AtomicReference<>(store.rotate(used, next, sealed));
    try {
      var _ =
          Polling.await(
              CHECK_TIMEOUT,
              CHECK_INTERVAL,
              () -> {
                if (rotation.get() instanceof Rotation.NotChecked) {
                  rotation.set(store.rotate(used, next, sealed));
                }
                return !(rotation.get() instanceof Rotation.NotChecked);
              });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return rotation.get();
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
    try {
      store.delete(List.of(revocation));
    } catch (DataAccessException e) {
      log.warn("Session {} will be deleted when Redis is available again", sessionId, e);
    }
  }

  /**
   * Ends all sessions of an account.
   *
   * @throws Problem 503 if Kafka does not acknowledge each revocation in time; some may have ended
   */
  public void endAll(UUID accountId, String reason) {
    of(accountId).forEach(session -> end(session.id(), accountId, reason));
  }

  /**
   * Ends the session of a refresh token, also of one that has been replaced (RFC 7009). A token
   * that is malformed or unknown has no session that could be used.
   */
  public void endSessionOf(String refreshToken) {
    RefreshToken.parse(refreshToken)
        .flatMap(store::find)
        .ifPresent(session -> end(session.id(), session.accountId(), "logout"));
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
   *
   * @param reads whether the session counts as live while neither is available: only reads are
   *     allowed then, until the access token expires
   */
  public Mono<Boolean> isLive(String sessionId, boolean reads) {
    if (revocations.contains(sessionId)) {
      return Mono.just(false);
    }
    if (freshness.isFresh()) {
      return Mono.just(true);
    }
    var exists = store.exists(sessionId);
    return reads ? exists.onErrorResume(DataAccessException.class, _ -> Mono.just(true)) : exists;
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

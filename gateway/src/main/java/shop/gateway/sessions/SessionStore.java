package shop.gateway.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Sessions in Redis: {@code session:<id>} holds the account, the times of the login and of the last
 * refresh, the device and hashes of the refresh token; {@code sessions:<account>} lists an
 * account's session ids. All methods but {@link #exists} block.
 */
@Component
class SessionStore {

  /** The result of exchanging a refresh token. */
  sealed interface Rotation {
    /** The token was current and has been replaced. */
    record Rotated(UUID accountId) implements Rotation {}

    /** The token was replaced a moment ago; the token that replaced it is still current. */
    record Repeated(UUID accountId, String sealedNext) implements Rotation {}

    /** The session does not exist, or the token is not of its family. */
    record UnknownToken() implements Rotation {}

    /** The token had been replaced before. */
    record ReusedToken() implements Rotation {}

    /** Redis was started, and may hold sessions that have been revoked. */
    record NotChecked() implements Rotation {}
  }

  private static final RedisScript<String> OPEN =
      RedisScript.of(new ClassPathResource("sessions/open.lua"), String.class);

  @SuppressWarnings("rawtypes")
  private static final RedisScript<List> ROTATE =
      RedisScript.of(new ClassPathResource("sessions/rotate.lua"), List.class);

  private final StringRedisTemplate redis;
  private final ReactiveStringRedisTemplate reactive;
  private final SessionSettings settings;

  SessionStore(
      StringRedisTemplate redis, ReactiveStringRedisTemplate reactive, SessionSettings settings) {
    this.redis = redis;
    this.reactive = reactive;
    this.settings = settings;
  }

  void open(Session session, RefreshToken token) {
    redis.execute(
        OPEN,
        List.of(key(session.id()), listKey(session.accountId())),
        session.id(),
        session.accountId().toString(),
        Long.toString(session.created().toEpochMilli()),
        session.device(),
        token.familyHash(),
        token.secretHash(),
        millis(settings.idleTimeout()));
  }

  /**
   * Exchanges a refresh token.
   *
   * @param sealedNext the next token, for the case that this one is used again
   */
  Rotation rotate(RefreshToken used, RefreshToken next, String sealedNext) {
    List<?> result =
        redis.execute(
            ROTATE,
            List.of(key(used.sessionId()), RevokedSessions.CHECKED_KEY),
            used.familyHash(),
            used.secretHash(),
            next.secretHash(),
            sealedNext,
            millis(settings.idleTimeout()),
            millis(settings.maxLifetime()),
            millis(settings.repeatWindow()));
    return switch (text(result, 0)) {
      case "rotated" -> {
        var account = UUID.fromString(text(result, 1));
        redis.expire(listKey(account), settings.idleTimeout());
        yield new Rotation.Rotated(account);
      }
      case "repeated" -> new Rotation.Repeated(UUID.fromString(text(result, 1)), text(result, 2));
      case "reused" -> new Rotation.ReusedToken();
      case "not-checked" -> new Rotation.NotChecked();
      default -> new Rotation.UnknownToken();
    };
  }

  private static String text(List<?> reply, int index) {
    return String.valueOf(reply.get(index));
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }

  Optional<Session> find(String sessionId) {
    var fields =
        redis
            .<String, String>opsForHash()
            .multiGet(key(sessionId), List.of("account", "created", "seen", "device"));
    @Nullable String account = fields.get(0);
    @Nullable String created = fields.get(1);
    if (account == null || created == null) {
      return Optional.empty();
    }
    @Nullable String seen = fields.get(2);
    @Nullable String device = fields.get(3);
    return Optional.of(
        new Session(
            sessionId,
            UUID.fromString(account),
            time(created),
            time(seen == null ? created : seen),
            device == null ? "" : device));
  }

  private static Instant time(String millis) {
    return Instant.ofEpochMilli(Long.parseLong(millis));
  }

  /** The session that a refresh token belongs to, whether the token is current or not. */
  Optional<Session> find(RefreshToken token) {
    String family = redis.<String, String>opsForHash().get(key(token.sessionId()), "family");
    return token.familyHash().equals(family) ? find(token.sessionId()) : Optional.empty();
  }

  /** An account's sessions, newest first. Removes the ids of expired sessions from its list. */
  List<Session> of(UUID account) {
    var sessions = new ArrayList<Session>();
    for (String id : redis.opsForSet().members(listKey(account))) {
      find(id).ifPresentOrElse(sessions::add, () -> redis.opsForSet().remove(listKey(account), id));
    }
    sessions.sort(Comparator.comparing(Session::created).reversed());
    return sessions;
  }

  /** How many sessions an account has, expired ones included. */
  long countOf(UUID account) {
    @Nullable Long count = redis.opsForSet().size(listKey(account));
    return count == null ? 0 : count;
  }

  /** Deletes sessions; those that do not exist count as deleted. */
  void delete(Collection<SessionRevoked> revocations) {
    redis.executePipelined(
        (RedisCallback<@Nullable Object>)
            connection -> {
              for (var one : revocations) {
                connection.keyCommands().del(bytes(key(one.sessionId())));
                connection
                    .setCommands()
                    .sRem(bytes(listKey(one.accountId())), bytes(one.sessionId()));
              }
              return null;
            });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  Mono<Boolean> exists(String sessionId) {
    return reactive.hasKey(key(sessionId));
  }

  private static String key(String sessionId) {
    return "session:" + sessionId;
  }

  private static String listKey(UUID account) {
    return "sessions:" + account;
  }
}

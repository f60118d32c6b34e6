package shop.gateway.sessions;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Sessions in Redis: {@code session:<id>} holds the account, the time of the login and hashes of
 * the refresh token; {@code sessions:<account>} lists an account's session ids. All methods but
 * {@link #exists} block.
 */
@Component
class SessionStore {

  /** The result of exchanging a refresh token. */
  sealed interface Rotation {
    /** The token was current and has been replaced. */
    record Rotated(UUID accountId) implements Rotation {}

    /** The session does not exist, or the token is not of its family. */
    record UnknownToken() implements Rotation {}

    /** The token had been replaced before. */
    record ReusedToken() implements Rotation {}
  }

  private static final RedisScript<String> OPEN =
      RedisScript.of(new ClassPathResource("sessions/open.lua"), String.class);
  private static final RedisScript<String> ROTATE =
      RedisScript.of(new ClassPathResource("sessions/rotate.lua"), String.class);

  private final StringRedisTemplate redis;
  private final ReactiveStringRedisTemplate reactive;
  private final Duration life;

  SessionStore(
      StringRedisTemplate redis, ReactiveStringRedisTemplate reactive, SessionSettings settings) {
    this.redis = redis;
    this.reactive = reactive;
    this.life = settings.life();
  }

  void open(Session session, RefreshToken token) {
    redis.execute(
        OPEN,
        List.of(key(session.id())),
        session.accountId().toString(),
        Long.toString(session.created().toEpochMilli()),
        token.familyHash(),
        token.secretHash(),
        Long.toString(life.toMillis()));
    String list = listKey(session.accountId());
    redis.opsForSet().add(list, session.id());
    redis.expire(list, life);
  }

  Rotation rotate(RefreshToken used, RefreshToken next) {
    String result =
        redis.execute(
            ROTATE,
            List.of(key(used.sessionId())),
            used.familyHash(),
            used.secretHash(),
            next.secretHash(),
            Long.toString(life.toMillis()));
    return switch (result) {
      case "unknown" -> new Rotation.UnknownToken();
      case "reused" -> new Rotation.ReusedToken();
      default -> {
        redis.expire(listKey(UUID.fromString(result)), life);
        yield new Rotation.Rotated(UUID.fromString(result));
      }
    };
  }

  Optional<Session> find(String sessionId) {
    var fields =
        redis.<String, String>opsForHash().multiGet(key(sessionId), List.of("account", "created"));
    @Nullable String account = fields.get(0);
    @Nullable String created = fields.get(1);
    return account == null || created == null
        ? Optional.empty()
        : Optional.of(
            new Session(
                sessionId,
                UUID.fromString(account),
                Instant.ofEpochMilli(Long.parseLong(created))));
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

  void delete(String sessionId, UUID account) {
    redis.delete(key(sessionId));
    redis.opsForSet().remove(listKey(account), sessionId);
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

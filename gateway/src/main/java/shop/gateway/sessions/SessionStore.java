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
 * Sessions in Redis: {@code session:<id>} holds account, time of the login, and hashes of the
 * refresh token; {@code sessions:<account>} lists an account's session ids. Blocks, but for {@link
 * #exists}.
 */
@Component
class SessionStore {

  /** What became of a refresh token. */
  sealed interface Rotation {
    record Done(UUID accountId) implements Rotation {}

    record Unknown() implements Rotation {}

    record Reused() implements Rotation {}
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
    String answer =
        redis.execute(
            ROTATE,
            List.of(key(used.sessionId())),
            used.familyHash(),
            used.secretHash(),
            next.secretHash(),
            Long.toString(life.toMillis()));
    return switch (answer) {
      case "unknown" -> new Rotation.Unknown();
      case "reused" -> new Rotation.Reused();
      default -> {
        redis.expire(listKey(UUID.fromString(answer)), life);
        yield new Rotation.Done(UUID.fromString(answer));
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

  /** An account's sessions, the newest first; ids of ended ones are forgotten on the way. */
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

package shop.e2e.faults;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import shop.local.broker.RedisEndpoint;

/** What order-service keeps in Redis. */
final class RedisContents {

  private static final int DATABASE = 1;

  /** What belongs to a run of Redis, or counts what was done there. */
  private static final Set<String> OF_THE_MOMENT =
      Set.of("epoch", "writers", "positions", "idempotency-keys");

  private RedisContents() {}

  /** Does something with the database of order-service. */
  static <T> T ask(RedisEndpoint redis, Function<RedisCommands<String, String>, T> question) {
    var uri =
        RedisURI.builder()
            .withHost(redis.host())
            .withPort(redis.port())
            .withPassword(redis.password().toCharArray())
            .withDatabase(DATABASE)
            .withTimeout(Duration.ofSeconds(10))
            .build();
    try (var client = RedisClient.create(uri);
        var connection = client.connect()) {
      return question.apply(connection.sync());
    }
  }

  /** All keys that the log can rebuild, and what they hold, as text. */
  static Map<String, String> all(RedisEndpoint redis) {
    return ask(
        redis,
        commands -> {
          Map<String, String> all = new TreeMap<>();
          for (var key : commands.keys("*")) {
            if (!OF_THE_MOMENT.contains(key) && !isClaim(commands, key)) {
              all.put(key, content(commands, key));
            }
          }
          return all;
        });
  }

  /** A key that somebody used whose order never came to be: short-lived, and not in the log. */
  private static boolean isClaim(RedisCommands<String, String> redis, String key) {
    return key.startsWith("idempotency:") && !redis.hexists(key, "status");
  }

  private static String content(RedisCommands<String, String> redis, String key) {
    return switch (redis.type(key)) {
      case "string" -> redis.get(key);
      case "hash" -> new TreeMap<>(redis.hgetall(key)).toString();
      case "list" -> redis.lrange(key, 0, -1).toString();
      case "set" -> new TreeSet<>(redis.smembers(key)).toString();
      case "zset" ->
          redis.zrangeWithScores(key, 0, -1).stream()
              .map(entry -> "%.0f %s".formatted(entry.getScore(), entry.getValue()))
              .sorted()
              .collect(Collectors.joining(", "));
      default -> "";
    };
  }
}

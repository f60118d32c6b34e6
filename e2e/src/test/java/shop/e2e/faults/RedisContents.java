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

/** The data of order-service in Redis. */
final class RedisContents {

  private static final int DATABASE = 1;

  /** Keys that a rebuild does not restore: they belong to one Redis run or count operations. */
  private static final Set<String> NOT_REBUILT =
      Set.of("epoch", "writers", "positions", "idempotency-keys");

  private RedisContents() {}

  /** Runs a query against order-service's database. */
  static <T> T query(RedisEndpoint redis, Function<RedisCommands<String, String>, T> query) {
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
      return query.apply(connection.sync());
    }
  }

  /** All keys that a rebuild restores, with their contents as text. */
  static Map<String, String> all(RedisEndpoint redis) {
    return query(
        redis,
        commands -> {
          Map<String, String> all = new TreeMap<>();
          for (var key : commands.keys("*")) {
            if (!NOT_REBUILT.contains(key) && !isClaim(commands, key)) {
              all.put(key, content(commands, key));
            }
          }
          return all;
        });
  }

  /** A claimed idempotency key without an order: it is short-lived and not in the log. */
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

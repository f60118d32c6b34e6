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
import shop.local.broker.RedisEndpoint;

/** The data of order-service in Redis. */
final class RedisContents {

  private static final int DATABASE = 1;

  /**
   * Keys that a rebuild does not restore: they belong to one Redis run, count operations, or say
   * what Redis does not hold.
   */
  private static final Set<String> NOT_REBUILT =
      Set.of("epoch", "writers", "positions", "boundary", "evicted", "idempotency-keys");

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

  /**
   * All that a rebuild restores, as text: keys with their contents; members of lists and
   * adjustments as entries of their own. Not the responses to requests, which are rendered again.
   */
  static Map<String, String> all(RedisEndpoint redis) {
    return query(
        redis,
        commands -> {
          Map<String, String> all = new TreeMap<>();
          for (var key : commands.keys("*")) {
            if (key.startsWith("adjustments:")) {
              commands.hgetall(key).forEach((id, content) -> all.put(key + " " + id, content));
            } else if (commands.type(key).equals("zset")) {
              commands
                  .zrangeWithScores(key, 0, -1)
                  .forEach(entry ->
                      all.put(key + " " + entry.getValue(), "%.0f".formatted(entry.getScore())));
            } else if (!NOT_REBUILT.contains(key) && !key.startsWith("idempotency:")) {
              all.put(key, content(commands, key));
            }
          }
          return all;
        });
  }

  /** Version and status of each order. */
  static Map<String, String> orders(RedisEndpoint redis) {
    return query(
        redis,
        commands -> {
          Map<String, String> orders = new TreeMap<>();
          for (var key : commands.keys("order:*")) {
            String id = key.substring("order:".length());
            orders.put(id, commands.hget(key, "version") + " " + commands.hget(key, "status"));
          }
          return orders;
        });
  }

  private static String content(RedisCommands<String, String> redis, String key) {
    return switch (redis.type(key)) {
      case "string" -> redis.get(key);
      case "hash" -> new TreeMap<>(redis.hgetall(key)).toString();
      case "list" -> redis.lrange(key, 0, -1).toString();
      case "set" -> new TreeSet<>(redis.smembers(key)).toString();
      default -> "";
    };
  }
}

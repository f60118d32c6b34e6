package shop.order.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import shop.local.broker.RedisServer;

/** Everything that order-service stores in Redis, for comparison before and after an event. */
public final class RedisContents implements AutoCloseable {

  /** The database of order-service. */
  private static final int DATABASE = 1;

  /** Keys that depend on the run of Redis, or count what was done there. */
  private static final Set<String> TRANSIENT_KEYS =
      Set.of("epoch", "writers", "positions", "idempotency-keys");

  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;

  public RedisContents(RedisServer redis) {
    var endpoint = redis.endpoint();
    client =
        RedisClient.create(
            RedisURI.builder()
                .withHost(endpoint.host())
                .withPort(endpoint.port())
                .withDatabase(DATABASE)
                .build());
    connection = client.connect();
  }

  public RedisCommands<String, String> redis() {
    return connection.sync();
  }

  /** All keys and their values, as text. */
  public Map<String, String> everything() {
    Map<String, String> all = new TreeMap<>();
    for (var key : redis().keys("*")) {
      if (!TRANSIENT_KEYS.contains(key)) {
        all.put(key, content(key));
      }
    }
    return all;
  }

  private String content(String key) {
    return switch (redis().type(key)) {
      case "string" -> redis().get(key);
      case "hash" -> new TreeMap<>(redis().hgetall(key)).toString();
      case "list" -> redis().lrange(key, 0, -1).toString();
      case "set" -> new TreeSet<>(redis().smembers(key)).toString();
      case "zset" ->
          redis().zrangeWithScores(key, 0, -1).stream()
              .map(entry -> "%.0f %s".formatted(entry.getScore(), entry.getValue()))
              .sorted()
              .collect(Collectors.joining(", "));
      default -> throw new AssertionError("The key " + key + " has an unexpected type");
    };
  }

  /** All keys and their values, as Redis can restore them. */
  Map<String, byte[]> dump() {
    return redis().keys("*").stream()
        .collect(Collectors.toMap(key -> key, key -> redis().dump(key)));
  }

  /** Restores a dump, but with the epoch of another run of Redis. */
  void rewindTo(Map<String, byte[]> dump) {
    redis().multi();
    redis().flushdb();
    dump.forEach((key, bytes) -> redis().restore(key, 0, bytes));
    redis().set("epoch", "another-run:" + new String(dump.get("epoch"), UTF_8).hashCode());
    redis().exec();
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown();
  }
}

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

/** Redis as it is: everything that order-service keeps there, to be compared before and after. */
public final class View implements AutoCloseable {

  /** The database of order-service. */
  private static final int DATABASE = 1;

  /** What belongs to a run of Redis, or counts what was done there. */
  private static final Set<String> OF_THE_MOMENT =
      Set.of("epoch", "writers", "positions", "idempotency-keys");

  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;

  public View(RedisServer redis) {
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

  /** All keys and what they hold, as text. */
  public Map<String, String> everything() {
    Map<String, String> all = new TreeMap<>();
    for (var key : redis().keys("*")) {
      if (!OF_THE_MOMENT.contains(key)) {
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
      default -> throw new AssertionError(key + " is of no kind that is kept here");
    };
  }

  /** Everything as Redis would restore it. */
  Map<String, byte[]> dump() {
    return redis().keys("*").stream()
        .collect(Collectors.toMap(key -> key, key -> redis().dump(key)));
  }

  /** Makes Redis what it was, but for the epoch, which names another run of it. */
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

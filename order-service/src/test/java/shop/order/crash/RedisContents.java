package shop.order.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import shop.local.broker.RedisServer;

/** Everything that order-service stores in Redis, for comparison before and after an event. */
public final class RedisContents implements AutoCloseable {

  /** The database of order-service. */
  private static final int DATABASE = 1;

  /** Keys that depend on the run of Redis, or count what was done there. */
  private static final Set<String> TRANSIENT_KEYS =
      Set.of("epoch", "writers", "positions", "boundary", "evicted", "idempotency-keys");

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

  /** All keys and their values, as text; read in two pipelines. */
  public Map<String, String> everything() {
    var async = connection.async();
    Map<String, RedisFuture<String>> types = new TreeMap<>();
    for (var key : redis().keys("*")) {
      if (!TRANSIENT_KEYS.contains(key)) {
        types.put(key, async.type(key));
      }
    }
    Map<String, CompletionStage<String>> contents = new TreeMap<>();
    types.forEach((key, type) -> contents.put(key, content(async, key, join(type))));
    Map<String, String> all = new TreeMap<>();
    contents.forEach((key, content) -> all.put(key, join(content)));
    return all;
  }

  private static CompletionStage<String> content(
      RedisAsyncCommands<String, String> async, String key, String type) {
    return switch (type) {
      case "string" -> async.get(key);
      case "hash" -> async.hgetall(key).thenApply(hash -> new TreeMap<>(hash).toString());
      case "list" -> async.lrange(key, 0, -1).thenApply(List::toString);
      case "set" -> async.smembers(key).thenApply(set -> new TreeSet<>(set).toString());
      case "zset" ->
          async
              .zrangeWithScores(key, 0, -1)
              .thenApply(entries ->
                  entries.stream()
                      .map(entry -> "%.0f %s".formatted(entry.getScore(), entry.getValue()))
                      .sorted()
                      .collect(Collectors.joining(", ")));
      default -> throw new AssertionError("The key " + key + " has an unexpected type");
    };
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  /** All keys and their values, as Redis can restore them. */
  Map<String, byte[]> dump() {
    var async = connection.async();
    Map<String, RedisFuture<byte[]>> dumps = new TreeMap<>();
    redis().keys("*").forEach(key -> dumps.put(key, async.dump(key)));
    Map<String, byte[]> all = new TreeMap<>();
    dumps.forEach((key, dump) -> all.put(key, join(dump)));
    return all;
  }

  /** Restores a dump, but with the epoch of another run of Redis. */
  void rewindTo(Map<String, byte[]> dump) {
    redis().multi();
    redis().flushdb();
    var async = connection.async();
    for (var entry : dump.entrySet()) {
      var _ = async.restore(entry.getKey(), 0, entry.getValue());
    }
    redis().set("epoch", "another-run:" + new String(dump.get("epoch"), UTF_8).hashCode());
    redis().exec();
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown();
  }
}

package shop.order.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Two connections to one Redis process, with all scripts loaded there. They never reconnect, so
 * what is sent on a link reaches the process whose {@code run_id} it has, or nobody.
 *
 * @param requests for requests: each command leaves at once
 * @param projection for the projector: commands leave when they are flushed
 * @param runId what this run of Redis calls itself
 */
record RedisLink(
    StatefulRedisConnection<byte[], byte[]> requests,
    StatefulRedisConnection<byte[], byte[]> projection,
    String runId)
    implements AutoCloseable {

  private static final Pattern RUN_ID = Pattern.compile("run_id:(\\p{Alnum}+)");

  /**
   * Connects.
   *
   * @throws RedisException if Redis is away, still loading, or refuses us
   */
  static RedisLink to(RedisClient client, Duration timeout) {
    var requests = client.connect(ByteArrayCodec.INSTANCE);
    try {
      requests.setTimeout(timeout);
      var projection = client.connect(ByteArrayCodec.INSTANCE);
      try {
        projection.setTimeout(timeout);
        var link = new RedisLink(requests, projection, runId(requests));
        if (!runId(projection).equals(link.runId())) {
          throw new RedisException("Redis was restarted while we connected");
        }
        for (var script : Script.values()) {
          requests.sync().scriptLoad(script.text());
        }
        projection.setAutoFlushCommands(false);
        return link;
      } catch (RuntimeException e) {
        var _ = projection.closeAsync();
        throw e;
      }
    } catch (RuntimeException e) {
      var _ = requests.closeAsync();
      throw e;
    }
  }

  private static String runId(StatefulRedisConnection<byte[], byte[]> connection) {
    var matcher = RUN_ID.matcher(connection.sync().info("server"));
    if (!matcher.find()) {
      throw new RedisException("INFO server names no run_id; is this a Redis?");
    }
    return matcher.group(1);
  }

  boolean isUp() {
    return requests.isOpen() && projection.isOpen();
  }

  /** True if an epoch was begun on this run of Redis. */
  boolean began(byte[] epoch) {
    return new String(epoch, UTF_8).startsWith(runId + ":");
  }

  @Override
  public void close() {
    var _ = requests.closeAsync();
    var _ = projection.closeAsync();
  }
}

package shop.order.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Two connections to one Redis process, with all scripts loaded there. They never reconnect, so a
 * command reaches the process of this {@code run_id}, or fails.
 *
 * @param requests for requests: each command is sent at once
 * @param projection for the projector: commands are sent when they are flushed
 * @param runId the {@code run_id} of the Redis process
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
   * @throws RedisException if Redis is unreachable, still loading, or refuses the connection
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
          throw new RedisException("Redis was restarted between the two connections");
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
      throw new RedisException("INFO server returned no run_id; is this server a Redis?");
    }
    return matcher.group(1);
  }

  boolean isUp() {
    return requests.isOpen() && projection.isOpen();
  }

  /** True if an epoch was begun on this run of Redis. */
  boolean hasBegun(byte[] epoch) {
    return new String(epoch, UTF_8).startsWith(runId + ":");
  }

  @Override
  public void close() {
    var _ = requests.closeAsync();
    var _ = projection.closeAsync();
  }
}

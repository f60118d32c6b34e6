package shop.order.redis;

import java.time.Duration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import shop.common.testkit.TempFolders;
import shop.local.broker.RedisServer;
import shop.local.os.Ports;
import shop.order.OrderTimings;
import shop.order.crash.RedisContents;

/** A Redis process for one test class, which the test empties and opens; no service watches it. */
public final class OpenRedis implements AutoCloseable {

  public static final Duration TTL = Duration.ofDays(36500);
  public static final OrderTimings SETTINGS =
      new OrderTimings(
          Duration.ofSeconds(16),
          Duration.ofSeconds(22),
          Duration.ofHours(10),
          TTL,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5));

  public final RedisServer server =
      new RedisServer(TempFolders.create("redis"), Ports.freeBlock(1));
  final LettuceConnectionFactory connections;
  public final Redis redis;
  public final RedisContents view;

  /**
   * Starts it.
   *
   * @param timeout how long a command waits for its reply
   */
  public OpenRedis(Duration timeout) {
    server.start();
    var address = new RedisStandaloneConfiguration("127.0.0.1", server.endpoint().port());
    address.setDatabase(1);
    connections = new LettuceConnectionFactory(address);
    connections.start();
    var properties = new DataRedisProperties();
    properties.setTimeout(timeout);
    redis = new Redis(connections, properties);
    view = new RedisContents(server);
    empty();
  }

  /** Empties Redis and opens it for requests, as if it had been loaded with nothing. */
  public void empty() {
    view.redis().flushall();
    view.redis().set("epoch", "one");
    view.redis().hset("positions", "catalog:0", "0");
    open();
  }

  /** Opens Redis for requests. */
  public void open() {
    redis.connect();
    redis.openForWrites("one");
  }

  /** Closes the service's connections; {@link #open} makes new ones. */
  public void disconnect() {
    redis.disconnect();
  }

  @Override
  public void close() {
    view.close();
    redis.disconnect();
    connections.destroy();
    server.kill();
  }
}

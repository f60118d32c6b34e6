package shop.order.store;

import java.time.Duration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import shop.common.testkit.TempFolders;
import shop.local.broker.RedisServer;
import shop.local.os.Ports;
import shop.order.OrderTimings;
import shop.order.crash.View;

/** A Redis of one's own, which nobody fills or watches: a test empties and opens it. */
final class OpenRedis implements AutoCloseable {

  static final Duration LIFE = Duration.ofDays(36500);
  static final OrderTimings SETTINGS =
      new OrderTimings(Duration.ofSeconds(12), Duration.ofSeconds(15), Duration.ofHours(10), LIFE);

  final RedisServer server = new RedisServer(TempFolders.create("redis"), Ports.freeBlock(1));
  final LettuceConnectionFactory connections;
  final Redis redis;
  final View view;

  /**
   * Starts it.
   *
   * @param timeout how long a command waits for its answer
   */
  OpenRedis(Duration timeout) {
    server.start();
    var at = new RedisStandaloneConfiguration("127.0.0.1", server.endpoint().port());
    at.setDatabase(1);
    connections = new LettuceConnectionFactory(at);
    connections.start();
    var properties = new DataRedisProperties();
    properties.setTimeout(timeout);
    redis = new Redis(connections, properties);
    view = new View(server);
    empty();
  }

  /** Empty, and open for requests. */
  void empty() {
    view.redis().flushall();
    view.redis().set("epoch", "one");
    open();
  }

  void open() {
    redis.connect();
    redis.open("one");
  }

  @Override
  public void close() {
    view.close();
    redis.disconnect();
    connections.destroy();
    server.kill();
  }
}

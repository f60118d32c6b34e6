package shop.common.database;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import shop.common.kafka.Topic;

/** Creates the followers of a service, with their metrics. */
public final class DatabaseFollowers {

  private final String service;
  private final Map<String, Object> consumer;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final DatabaseSchema schema;
  private final MeterRegistry registry;
  private final Clock clock;

  DatabaseFollowers(
      String service,
      Map<String, Object> consumer,
      JdbcClient jdbc,
      TransactionTemplate transaction,
      DatabaseSchema schema,
      MeterRegistry registry,
      Clock clock) {
    this.service = service;
    this.consumer = Map.copyOf(consumer);
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.schema = schema;
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * A follower that starts with the application. A topic has at most one in a schema.
   *
   * @param name its consumer group is {@code <service>-<name>}
   */
  public DatabaseFollower follow(String name, List<Topic> topics, ReadModel model) {
    var settings = new HashMap<>(consumer);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, service + "-" + name);
    var truncations =
        Counter.builder("database_follower_truncations")
            .description("How often all rows were deleted because the log had been lost")
            .tag("follower", name)
            .register(registry);
    var follower =
        new DatabaseFollower(
            name,
            settings,
            topics,
            new FollowedTables(topics.stream().map(Topic::name).toList(), model, jdbc, transaction),
            schema,
            truncations::increment,
            clock,
            new Backoff(RandomGenerator.getDefault()));
    Gauge.builder("database_follower_lag", follower, DatabaseFollower::lag)
        .description("Records in this instance's partitions that have not been applied")
        .tag("follower", name)
        .register(registry);
    TimeGauge.builder(
            "database_follower_age", follower, TimeUnit.SECONDS, one -> one.age().toSeconds())
        .description("Age of the oldest record that may not have been applied")
        .tag("follower", name)
        .register(registry);
    return follower;
  }
}

package shop.common.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import shop.common.kafka.Topic;
import shop.local.broker.Brokers;
import shop.local.broker.DatabaseEndpoint;

/** A table with a row for each record, which counts how often the record was applied. */
final class FollowedTable implements ReadModel, AutoCloseable {

  /** A row, by which tests compare tables. */
  record Row(int partition, long offset, String value, int times) {}

  private final HikariDataSource dataSource;
  private final Flyway flyway;
  final JdbcClient jdbc;
  final TransactionTemplate transaction;
  final MeterRegistry registry = new SimpleMeterRegistry();

  FollowedTable(DatabaseEndpoint database) {
    var config = new HikariConfig();
    config.setJdbcUrl(database.url());
    config.setUsername(database.user());
    config.setPassword(database.password());
    config.setConnectionTimeout(1000);
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("socketTimeout", "15");
    this.dataSource = new HikariDataSource(config);
    this.jdbc = JdbcClient.create(dataSource);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    this.flyway =
        Flyway.configure()
            .dataSource(dataSource)
            .locations("classpath:db/common", "classpath:db/followed")
            .load();
  }

  DatabaseFollower follower(Topic topic) {
    return new DatabaseFollowers(
            "test-" + topic.name(),
            Map.of(
                "bootstrap.servers",
                Brokers.kafka(),
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class,
                "metadata.max.age.ms",
                1000,
                "session.timeout.ms",
                10000,
                "heartbeat.interval.ms",
                500),
            jdbc,
            transaction,
            schema(),
            registry,
            Clock.systemUTC())
        .follow("follower", List.of(topic), this);
  }

  DatabaseSchema schema() {
    return new DatabaseSchema(flyway, new Backoff(RandomGenerator.getDefault()));
  }

  @Override
  public void apply(List<ConsumerRecord<byte[], byte[]>> records) {
    for (var record : records) {
      jdbc.sql(
              """
              INSERT INTO followed (partition, log_offset, value) VALUES (?, ?, ?)
              ON CONFLICT (partition, log_offset) DO UPDATE SET times = followed.times + 1
              """)
          .params(record.partition(), record.offset(), new String(record.value(), UTF_8))
          .update();
    }
  }

  @Override
  public void truncate() {
    jdbc.sql("TRUNCATE followed").update();
  }

  long count() {
    return jdbc.sql("SELECT count(*) FROM followed").query(Long.class).single();
  }

  List<Row> rows() {
    return jdbc.sql("SELECT * FROM followed ORDER BY partition, log_offset")
        .query((row, _) ->
            new Row(
                row.getInt("partition"),
                row.getLong("log_offset"),
                row.getString("value"),
                row.getInt("times")))
        .list();
  }

  @Override
  public void close() {
    jdbc.sql("DROP TABLE IF EXISTS followed, positions, flyway_schema_history").update();
    dataSource.close();
  }
}

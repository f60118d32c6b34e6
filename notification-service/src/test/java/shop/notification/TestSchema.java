package shop.notification;

import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import shop.local.broker.Brokers;

/** The service's tables, empty, in a schema that no service under test uses. */
public final class TestSchema implements AutoCloseable {

  private final SingleConnectionDataSource connection;
  private final JdbcClient jdbc;

  public TestSchema() {
    var database = Brokers.database().endpoint("accounts");
    connection =
        new SingleConnectionDataSource(database.url(), database.user(), database.password(), true);
    Flyway.configure()
        .dataSource(connection)
        .locations("classpath:db/common", "classpath:db/migration")
        .load()
        .migrate();
    jdbc = JdbcClient.create(connection);
    jdbc.sql("TRUNCATE contacts, deliveries, positions").update();
  }

  public JdbcClient jdbc() {
    return jdbc;
  }

  /** A client of a database that is away. */
  public static JdbcClient away() {
    return JdbcClient.create(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/shop"));
  }

  @Override
  public void close() {
    connection.destroy();
  }
}

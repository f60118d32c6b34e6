package shop.order.archive;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import shop.common.testkit.TempFolders;
import shop.local.broker.PostgresServer;
import shop.local.os.Ports;
import shop.order.changes.LogChanges;
import shop.order.store.GeneratedLog.LogRecord;

/** A PostgreSQL process for one test class, with the tables of orders; no service fills them. */
public final class ArchiveDatabase implements AutoCloseable {

  private static final List<String> TABLES =
      List.of(
          "orders",
          "timeline",
          "order_items",
          "product_names",
          "tracking_numbers",
          "stock",
          "holds",
          "adjustments",
          "positions");

  private final PostgresServer server =
      new PostgresServer(TempFolders.create("postgres"), Ports.freeBlock(1));
  private final SingleConnectionDataSource connection;
  private final OrderTables tables;
  final JdbcClient jdbc;

  public ArchiveDatabase() {
    server.start();
    var database = server.schemas().endpoint("orders");
    connection =
        new SingleConnectionDataSource(database.url(), database.user(), database.password(), true);
    Flyway.configure()
        .dataSource(connection)
        .locations("classpath:db/common", "classpath:db/migration")
        .load()
        .migrate();
    jdbc = JdbcClient.create(connection);
    tables = new OrderTables(jdbc, new StockTables(jdbc), new SearchTables(jdbc));
  }

  public void empty() {
    empty(jdbc);
  }

  /**
   * Deletes all rows, the positions last. TRUNCATE would write a file for each partition, and could
   * end in a deadlock with the queries of a running service.
   */
  public static void empty(JdbcClient jdbc) {
    for (var table : TABLES) {
      jdbc.sql("DELETE FROM " + table).update();
    }
  }

  /** Applies records, as the follower does. */
  public void apply(List<LogRecord> records) {
    var changes = new LogChanges();
    records.forEach(record -> record.addTo(changes));
    tables.apply(changes);
  }

  /** Sets how far the tables contain a partition. */
  public void setPosition(TopicPartition partition, long next) {
    jdbc.sql("INSERT INTO positions (topic, partition, next, as_of) VALUES (?, ?, ?, now())")
        .params(partition.topic(), partition.partition(), next)
        .update();
  }

  /** Lets every order hold pieces, whatever its status. */
  public void holdPieces(String sku, int pieces) {
    jdbc.sql("INSERT INTO holds SELECT id, ?, ? FROM orders").params(sku, pieces).update();
  }

  public ArchiveSnapshots snapshots() {
    return new ArchiveSnapshots(connection);
  }

  @Override
  public void close() {
    connection.destroy();
    server.stop();
  }
}

package shop.e2e.faults;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import shop.local.broker.DatabaseEndpoint;

/**
 * What order-service's schema in PostgreSQL contains.
 *
 * @param orders version, status and number of events of each order that was placed
 * @param stock pieces of each product
 */
record ArchivedOrders(Map<String, String> orders, Map<String, Long> stock) {

  /** Reads it. */
  static ArchivedOrders read(DatabaseEndpoint database) {
    Map<String, String> orders = new TreeMap<>();
    Map<String, Long> stock = new TreeMap<>();
    try (var connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        var statement = connection.createStatement()) {
      try (var rows =
          statement.executeQuery(
              """
              SELECT id, version || ' ' || status || ' ' || count(entry)
              FROM orders LEFT JOIN timeline ON order_id = id WHERE version > 0 GROUP BY id
              """)) {
        while (rows.next()) {
          orders.put(rows.getString(1), rows.getString(2));
        }
      }
      try (var rows = statement.executeQuery("SELECT sku, pieces FROM stock")) {
        while (rows.next()) {
          stock.put(rows.getString(1), rows.getLong(2));
        }
      }
    } catch (SQLException e) {
      throw new AssertionError("PostgreSQL did not answer", e);
    }
    return new ArchivedOrders(orders, stock);
  }
}

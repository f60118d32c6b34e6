package shop.order.archive;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.common.database.Column;
import shop.common.database.SqlTime;
import shop.order.OrderId;
import shop.order.OrderSnapshot;
import shop.order.OrderStatus;
import shop.order.changes.OrderChange;

/** The tables as they are at one moment: what Redis holds of them, some rows at a time. */
public final class ArchiveSnapshot {

  /** Rows that the driver and this class hold at once. */
  private static final int PAGE = 250;

  private static final String OPEN = "('PLACED', 'CONFIRMED', 'CANCELLING')";

  /**
   * The orders that Redis holds. No order meets two of the conditions, and each is read by an
   * index: the time depends on the orders found, not on all orders.
   */
  private static final List<String> HOT =
      List.of(
          "created_at >= :cutOff",
          "created_at < :cutOff AND status IN " + OPEN,
          "created_at < :cutOff AND status NOT IN " + OPEN + " AND refunds_under_way <> '{}'",
          // Pieces are held by open orders only; should others ever hold some, they are read as
          // well.
          """
          created_at < :cutOff AND status NOT IN %1$s AND refunds_under_way = '{}' AND id = ANY (ARRAY(
            SELECT order_id FROM holds EXCEPT SELECT id FROM orders WHERE status IN %1$s))
          """
              .formatted(OPEN));

  private final JdbcClient jdbc;

  ArchiveSnapshot(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** How far the tables contain each partition of the log. */
  public Map<TopicPartition, Long> positions() {
    Map<TopicPartition, Long> positions = new HashMap<>();
    jdbc.sql("SELECT topic, partition, next FROM positions")
        .query(row -> {
          positions.put(
              new TopicPartition(row.getString("topic"), row.getInt("partition")),
              row.getLong("next"));
        });
    return positions;
  }

  /** Takes the pieces of a product that can be sold. */
  public interface StockReader {
    void read(String sku, long pieces);
  }

  /** Passes on how many pieces of each product can be sold. */
  public void readStock(StockReader reader) {
    jdbc.sql("SELECT sku, pieces FROM stock")
        .withFetchSize(PAGE)
        .query(row -> {
          reader.read(row.getString("sku"), row.getLong("pieces"));
        });
  }

  /** Takes an adjustment of the stock. */
  public interface AdjustmentReader {
    void read(String sku, String id, long delta, String fingerprint, Instant recordedAt);
  }

  /** Passes on the adjustments whose records were appended at a time or later. */
  public void readAdjustments(Instant since, AdjustmentReader reader) {
    jdbc.sql(
            "SELECT sku, id, delta, fingerprint, recorded_at FROM adjustments WHERE recorded_at >= :since")
        .param("since", SqlTime.of(since))
        .withFetchSize(PAGE)
        .query(row -> {
          reader.read(
              row.getString("sku"),
              row.getString("id"),
              row.getLong("delta"),
              row.getString("fingerprint"),
              SqlTime.get(row, "recorded_at"));
        });
  }

  /**
   * Passes on the orders that Redis holds: those that were placed at the cut-off or later, those
   * that are not at their end, wait for a refund, or hold pieces.
   */
  public void readHotOrders(Instant cutOff, Consumer<OrderSnapshot> reader) {
    for (var condition : HOT) {
      List<Row> page = new ArrayList<>();
      jdbc.sql(
              """
              SELECT id, customer_id, status, created_at, version, fingerprint, command, withheld, reason, refunded, carrier,
                tracking_number
              FROM orders WHERE %s
              """
                  .formatted(condition))
          .param("cutOff", SqlTime.of(cutOff))
          .withFetchSize(PAGE)
          .query(row -> {
            page.add(Row.of(row));
            if (page.size() == PAGE) {
              pass(page, reader);
              page.clear();
            }
          });
      pass(page, reader);
    }
  }

  private void pass(List<Row> page, Consumer<OrderSnapshot> reader) {
    var ids = Column.texts(page, Row::id);
    Map<UUID, List<String>> timelines = new HashMap<>();
    jdbc.sql(
            """
            SELECT order_id, entry FROM timeline WHERE order_id = ANY(:ids::uuid[]) ORDER BY order_id, sequence
            """)
        .param("ids", ids)
        .query(row -> {
          timelines
              .computeIfAbsent(row.getObject("order_id", UUID.class), _ -> new ArrayList<>())
              .add(row.getString("entry"));
        });
    Map<UUID, Map<String, Integer>> pieces = new HashMap<>();
    jdbc.sql("SELECT order_id, sku, quantity FROM holds WHERE order_id = ANY(:ids::uuid[])")
        .param("ids", ids)
        .query(row -> {
          pieces
              .computeIfAbsent(row.getObject("order_id", UUID.class), _ -> new HashMap<>())
              .put(row.getString("sku"), row.getInt("quantity"));
        });
    for (var row : page) {
      reader.accept(
          row.order(
              timelines.getOrDefault(row.id(), List.of()),
              pieces.getOrDefault(row.id(), Map.of())));
    }
  }

  /** A row of the table of orders. */
  private record Row(
      UUID id,
      UUID customer,
      OrderStatus status,
      Instant created,
      long version,
      String fingerprint,
      @Nullable String command,
      @Nullable String withheld,
      Map<String, String> fields) {

    static Row of(ResultSet row) throws SQLException {
      Map<String, String> fields = new LinkedHashMap<>();
      add(fields, OrderChange.REASON, row.getString("reason"));
      add(fields, OrderChange.REFUNDED, row.getString("refunded"));
      add(fields, OrderChange.CARRIER, row.getString("carrier"));
      add(fields, OrderChange.TRACKING_NUMBER, row.getString("tracking_number"));
      return new Row(
          row.getObject("id", UUID.class),
          row.getObject("customer_id", UUID.class),
          OrderStatus.valueOf(row.getString("status")),
          SqlTime.get(row, "created_at"),
          row.getLong("version"),
          row.getString("fingerprint"),
          row.getString("command"),
          row.getString("withheld"),
          fields);
    }

    private static void add(Map<String, String> fields, String name, @Nullable String value) {
      if (value != null) {
        fields.put(name, value);
      }
    }

    OrderSnapshot order(List<String> timeline, Map<String, Integer> pieces) {
      return new OrderSnapshot(
          new OrderId(id),
          customer,
          status,
          created.toEpochMilli(),
          version,
          fingerprint,
          command,
          withheld,
          fields,
          timeline,
          pieces);
    }
  }
}

package shop.order.archive;

import static java.util.Comparator.comparing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.common.database.Column;
import shop.common.database.SqlText;
import shop.order.OrderId;
import shop.order.OrderLine;
import shop.order.changes.OrderChange;
import shop.order.changes.WithheldChange;

/**
 * The tables by which admins find orders: their SKUs, the names of products, and tracking numbers.
 * None has personal data.
 */
@Repository
class SearchTables {

  private final JdbcClient jdbc;

  SearchTables(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A line of an order. */
  private record Item(OrderId order, OrderLine line, Instant createdAt) {}

  /** Adds what changes of orders bring; what is stored already is left out. */
  void apply(List<OrderChange> orders, List<WithheldChange> withheld) {
    List<Item> items = new ArrayList<>();
    for (var change : orders) {
      var placement = change.placement();
      if (placement != null) {
        var placed = placement.order().order();
        placed.items().forEach(line -> items.add(new Item(change.id(), line, placed.createdAt())));
      }
    }
    for (var change : withheld) {
      var summary = change.summary();
      summary.items().forEach(line -> items.add(new Item(change.id(), line, summary.createdAt())));
    }
    insertItems(items);
    insertNames(items);
    insertTrackingNumbers(
        orders.stream().filter(change -> trackingNumber(change) != null).toList());
  }

  private void insertItems(List<Item> items) {
    if (items.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            INSERT INTO order_items (order_id, sku, created_at)
            SELECT * FROM unnest(:ids::uuid[], :skus::text[], :times::timestamptz[])
            ON CONFLICT DO NOTHING
            """)
        .param("ids", Column.texts(items, Item::order))
        .param("skus", Column.texts(items, item -> SqlText.of(item.line().sku())))
        .param("times", Column.texts(items, Item::createdAt))
        .update();
  }

  /** The few names of a batch, in key order. */
  private void insertNames(List<Item> items) {
    var lines = new TreeMap<String, OrderLine>();
    items.forEach(item -> lines.put(item.line().sku() + ' ' + item.line().name(), item.line()));
    if (lines.isEmpty()) {
      return;
    }
    var names = List.copyOf(lines.values());
    jdbc.sql(
            """
            INSERT INTO product_names (sku, name)
            SELECT * FROM unnest(:skus::text[], :names::text[]) AS row (sku, name)
            WHERE NOT EXISTS (SELECT FROM product_names p WHERE p.sku = row.sku AND p.name = row.name)
            ON CONFLICT DO NOTHING
            """)
        .param("skus", Column.texts(names, line -> SqlText.of(line.sku())))
        .param("names", Column.texts(names, line -> SqlText.of(line.name())))
        .update();
  }

  private void insertTrackingNumbers(List<OrderChange> shipped) {
    if (shipped.isEmpty()) {
      return;
    }
    var sorted = shipped.stream().sorted(comparing(change -> change.id().toString())).toList();
    jdbc.sql(
            """
            INSERT INTO tracking_numbers (order_id, number)
            SELECT * FROM unnest(:ids::uuid[], :numbers::text[])
            ON CONFLICT DO NOTHING
            """)
        .param("ids", Column.texts(sorted, OrderChange::id))
        .param("numbers", Column.texts(sorted, SearchTables::trackingNumber))
        .update();
  }

  private static @Nullable String trackingNumber(OrderChange change) {
    return SqlText.ofNullable(change.fields().get(OrderChange.TRACKING_NUMBER));
  }

  void truncate() {
    jdbc.sql("TRUNCATE order_items, product_names, tracking_numbers").update();
  }
}

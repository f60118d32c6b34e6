package shop.order.archive;

import static java.util.Comparator.comparing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.common.database.Column;
import shop.order.OrderId;
import shop.order.OrderLine;
import shop.order.OrderStatus;
import shop.order.changes.LogChanges;
import shop.order.changes.OrderChange;
import shop.order.changes.OrderChange.PieceAction;
import shop.order.changes.StockChange;
import shop.order.changes.WithheldChange;

/** The tables of the stock, of the pieces that orders hold, and of adjustments. */
@Repository
class StockTables {

  private final JdbcClient jdbc;

  StockTables(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Pieces that an order holds. */
  private record Hold(OrderId order, String sku, long quantity) {
    static Stream<Hold> of(OrderId order, List<OrderLine> items) {
      return items.stream().map(item -> new Hold(order, item.sku(), item.quantity()));
    }
  }

  /** Sums by SKU, in the order in which their rows are written. */
  private static final class Sums extends TreeMap<String, Long> {
    void add(String sku, long pieces) {
      merge(sku, pieces, Long::sum);
    }
  }

  /** Applies what changes of orders do to their pieces, and the adjustments. */
  void apply(List<OrderChange> orders, List<WithheldChange> withheld, LogChanges changes) {
    var sums = new Sums();
    var released = release(orders, withheld, sums);
    hold(orders, withheld, sums);
    consume(orders, released, sums);
    adjust(changes, sums);
    write(sums);
  }

  /**
   * Deletes what orders hold no longer, and gives back what they have not consumed.
   *
   * @return the orders that held pieces
   */
  private Set<OrderId> release(List<OrderChange> orders, List<WithheldChange> withheld, Sums sums) {
    Set<OrderId> returning = new HashSet<>();
    Set<OrderId> ending = new HashSet<>();
    for (var change : orders) {
      if (change.pieceAction() != PieceAction.KEEP) {
        ending.add(change.id());
      }
      if (change.pieceAction() == PieceAction.RELEASE) {
        returning.add(change.id());
      }
    }
    for (var change : withheld) {
      if (change.status() == OrderStatus.CANCELLED) {
        ending.add(change.id());
        returning.add(change.id());
      }
    }
    if (ending.isEmpty()) {
      return Set.of();
    }
    var holds =
        jdbc.sql(
                """
                DELETE FROM holds WHERE order_id = ANY(:ids::uuid[]) RETURNING order_id, sku, quantity
                """)
            .param("ids", Column.texts(List.copyOf(ending), id -> id))
            .query((row, _) ->
                new Hold(
                    OrderId.parse(row.getString("order_id")),
                    row.getString("sku"),
                    row.getLong("quantity")))
            .list();
    Set<OrderId> holders = new HashSet<>();
    for (var hold : holds) {
      holders.add(hold.order());
      if (returning.contains(hold.order())) {
        sums.add(hold.sku(), hold.quantity());
      }
    }
    return holders;
  }

  /** Takes the pieces of orders that are placed here, unless they held them while withheld. */
  private void hold(List<OrderChange> orders, List<WithheldChange> withheld, Sums sums) {
    List<Hold> holds = new ArrayList<>();
    for (var change : orders) {
      var placement = change.placement();
      if (placement != null && change.pieceAction() == PieceAction.KEEP) {
        Hold.of(change.id(), placement.order().order().items()).forEach(holds::add);
      }
    }
    for (var change : withheld) {
      if (change.status() == OrderStatus.PLACED) {
        Hold.of(change.id(), change.summary().items()).forEach(holds::add);
      }
    }
    if (holds.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            INSERT INTO holds (order_id, sku, quantity)
            SELECT * FROM unnest(:ids::uuid[], :skus::text[], :quantities::int[])
            ON CONFLICT DO NOTHING
            RETURNING sku, quantity
            """)
        .param("ids", Column.texts(holds, Hold::order))
        .param("skus", Column.texts(holds, Hold::sku))
        .param("quantities", Column.numbers(holds, Hold::quantity))
        .query(row -> {
          sums.add(row.getString("sku"), -row.getLong("quantity"));
        });
  }

  /** Takes the pieces of orders that are placed and shipped here without having held them. */
  private static void consume(List<OrderChange> orders, Set<OrderId> holders, Sums sums) {
    for (var change : orders) {
      var placement = change.placement();
      if (placement != null
          && change.pieceAction() == PieceAction.CONSUME
          && !holders.contains(change.id())) {
        Hold.of(change.id(), placement.order().order().items())
            .forEach(hold -> sums.add(hold.sku(), -hold.quantity()));
      }
    }
  }

  private void adjust(LogChanges changes, Sums sums) {
    var adjustments =
        changes.all().stream()
            .filter(StockChange.class::isInstance)
            .map(StockChange.class::cast)
            .sorted(comparing(StockChange::sku).thenComparing(StockChange::id))
            .toList();
    if (adjustments.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            INSERT INTO adjustments (sku, id, delta, fingerprint, source, recorded_at)
            SELECT * FROM unnest(:skus::text[], :ids::text[], :deltas::bigint[], :fingerprints::text[],
              :sources::text[], :times::timestamptz[])
            ON CONFLICT DO NOTHING
            RETURNING sku, delta
            """)
        .param("skus", Column.texts(adjustments, StockChange::sku))
        .param("ids", Column.texts(adjustments, StockChange::id))
        .param("deltas", Column.numbers(adjustments, StockChange::delta))
        .param("fingerprints", Column.texts(adjustments, StockChange::fingerprint))
        .param("sources", Column.texts(adjustments, StockChange::source))
        .param("times", Column.texts(adjustments, StockChange::recordedAt))
        .query(row -> {
          sums.add(row.getString("sku"), row.getLong("delta"));
        });
  }

  private void write(Sums sums) {
    if (sums.isEmpty()) {
      return;
    }
    var rows = List.copyOf(sums.entrySet());
    jdbc.sql(
            """
            INSERT INTO stock (sku, pieces)
            SELECT * FROM unnest(:skus::text[], :pieces::bigint[])
            ON CONFLICT (sku) DO UPDATE SET pieces = stock.pieces + excluded.pieces
            """)
        .param("skus", Column.texts(rows, Map.Entry::getKey))
        .param("pieces", Column.numbers(rows, Map.Entry::getValue))
        .update();
  }

  void truncate() {
    jdbc.sql("TRUNCATE stock, holds, adjustments").update();
  }
}

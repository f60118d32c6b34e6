package shop.order.archive;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.common.database.Column;
import shop.common.database.SqlText;
import shop.common.json.Json;
import shop.order.OrderId;
import shop.order.OrderLine;
import shop.order.OrderStatus;
import shop.order.PlaceOrder;
import shop.order.changes.LogChanges;
import shop.order.changes.OrderChange;
import shop.order.changes.WithheldChange;

/**
 * The tables of orders and their timelines. A change of an order that is stored already is left
 * out; one that follows an event that is not is refused.
 */
@Repository
class OrderTables {

  private final JdbcClient jdbc;
  private final StockTables stock;
  private final SearchTables search;

  OrderTables(JdbcClient jdbc, StockTables stock, SearchTables search) {
    this.jdbc = jdbc;
    this.stock = stock;
    this.search = search;
  }

  /** What decides whether a change follows. */
  private record Stored(long version, OrderStatus status) {}

  /** An event's entry in the timeline. */
  private record Entry(OrderId id, long sequence, String json) {}

  /** An order's earlier event is not stored. */
  static final class MissingEvent extends RuntimeException {
    private final OrderId id;
    private final long sequence;

    private MissingEvent(OrderId id, long sequence) {
      super("An event before event %d of order %s is missing".formatted(sequence, id));
      this.id = id;
      this.sequence = sequence;
    }

    OrderId id() {
      return id;
    }

    /** The number of the event that does not follow. */
    long sequence() {
      return sequence;
    }
  }

  /**
   * Applies changes.
   *
   * @throws MissingEvent if an order's change does not follow what is stored
   */
  void apply(LogChanges changes) {
    var orders = ofType(changes, OrderChange.class, OrderChange::id);
    var withheld = ofType(changes, WithheldChange.class, WithheldChange::id);
    var stored =
        stored(
            Stream.concat(
                    orders.stream().map(OrderChange::id), withheld.stream().map(WithheldChange::id))
                .toList());
    var next = following(orders, stored);
    insert(next.stream().filter(change -> change.placement() != null).toList());
    update(next.stream().filter(change -> change.placement() == null).toList());
    insertTimeline(next, stored);
    var nextWithheld = withheld.stream().filter(change -> isOpen(stored.get(change.id()))).toList();
    insertWithheld(nextWithheld);
    search.apply(next, nextWithheld);
    stock.apply(next, nextWithheld, changes);
  }

  private static <T> List<T> ofType(LogChanges changes, Class<T> type, Function<T, OrderId> id) {
    return changes.all().stream()
        .filter(type::isInstance)
        .map(type::cast)
        .sorted(comparing(change -> id.apply(change).toString()))
        .toList();
  }

  private Map<OrderId, Stored> stored(List<OrderId> ids) {
    Map<OrderId, Stored> stored = new HashMap<>();
    if (!ids.isEmpty()) {
      jdbc.sql("SELECT id, version, status FROM orders WHERE id = ANY(:ids::uuid[])")
          .param("ids", Column.texts(ids, id -> id))
          .query(row -> {
            stored.put(
                new OrderId(row.getObject("id", UUID.class)),
                new Stored(row.getLong("version"), OrderStatus.valueOf(row.getString("status"))));
          });
    }
    return stored;
  }

  /** The changes of which at least the last event is new. */
  private static List<OrderChange> following(
      List<OrderChange> changes, Map<OrderId, Stored> stored) {
    List<OrderChange> following = new ArrayList<>();
    Set<OrderId> ids = new HashSet<>();
    for (var change : changes) {
      // A second change of an order begins after a gap.
      if (change.first() > version(stored.get(change.id())) + 1 || !ids.add(change.id())) {
        throw new MissingEvent(change.id(), change.first());
      }
      if (change.last() > version(stored.get(change.id()))) {
        following.add(change);
      }
    }
    return following;
  }

  private static long version(@Nullable Stored stored) {
    return stored == null ? 0 : stored.version();
  }

  /** True if an order was neither placed nor cancelled without having been placed. */
  private static boolean isOpen(@Nullable Stored stored) {
    return stored == null || (stored.version() == 0 && stored.status() != OrderStatus.CANCELLED);
  }

  private void insert(List<OrderChange> changes) {
    if (changes.isEmpty()) {
      return;
    }
    var rows = changes.stream().map(PlacedRow::of).toList();
    jdbc.sql(
            """
            INSERT INTO orders (id, customer_id, status, created_at, total, currency, skus, version, fingerprint,
              command, reason, refunded, refunds_under_way, carrier, tracking_number)
            SELECT id, customer_id, status, created_at, total, currency, string_to_array(skus, ' '), version, fingerprint,
              command, reason, refunded, string_to_array(refunds_under_way, ' '), carrier, tracking_number
            FROM unnest(:ids::uuid[], :customers::uuid[], :statuses::text[], :times::timestamptz[], :totals::bigint[],
                :currencies::text[], :skus::text[], :versions::bigint[], :fingerprints::text[], :commands::text[],
                :reasons::text[], :refunds::bigint[], :refundsRequested::text[], :carriers::text[],
                :trackingNumbers::text[])
              AS row (id, customer_id, status, created_at, total, currency, skus, version, fingerprint, command, reason,
                refunded, refunds_under_way, carrier, tracking_number)
            ON CONFLICT (id) DO UPDATE SET
              customer_id = excluded.customer_id, status = excluded.status, created_at = excluded.created_at,
              total = excluded.total, currency = excluded.currency, skus = excluded.skus, version = excluded.version,
              fingerprint = excluded.fingerprint, command = excluded.command, withheld = NULL, reason = excluded.reason,
              refunded = excluded.refunded, refunds_under_way = excluded.refunds_under_way, carrier = excluded.carrier, tracking_number = excluded.tracking_number
            """)
        .param("ids", Column.texts(rows, row -> row.change().id()))
        .param("customers", Column.texts(rows, row -> row.placed().customerId()))
        .param("statuses", Column.texts(rows, row -> row.change().status()))
        .param("times", Column.texts(rows, row -> row.placed().createdAt()))
        .param("totals", Column.numbers(rows, row -> row.placed().total().amount()))
        .param("currencies", Column.texts(rows, row -> row.placed().total().currency()))
        .param("skus", Column.texts(rows, row -> skus(row.placed().items())))
        .param("versions", Column.numbers(rows, row -> row.change().last()))
        .param("fingerprints", Column.texts(rows, row -> row.placed().fingerprint()))
        .param("commands", Column.texts(rows, PlacedRow::json))
        .params(fields(changes))
        .update();
  }

  /** A change that places its order. */
  private record PlacedRow(OrderChange change, PlaceOrder placed, String json) {
    static PlacedRow of(OrderChange change) {
      var placement = requireNonNull(change.placement());
      return new PlacedRow(change, placement.order().order(), text(placement.order().json()));
    }
  }

  private void update(List<OrderChange> changes) {
    if (changes.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            UPDATE orders SET status = coalesce(row.status, orders.status), version = row.version,
              reason = coalesce(row.reason, orders.reason), refunded = coalesce(row.refunded, orders.refunded),
              refunds_under_way = CASE WHEN row.refunds_requested = '' AND row.refunds_ended = '' THEN orders.refunds_under_way
                ELSE ARRAY(
                  SELECT unnest(orders.refunds_under_way || string_to_array(row.refunds_requested, ' '))
                  EXCEPT SELECT unnest(string_to_array(row.refunds_ended, ' '))) END,
              carrier = coalesce(row.carrier, orders.carrier),
              tracking_number = coalesce(row.tracking_number, orders.tracking_number)
            FROM unnest(:ids::uuid[], :statuses::text[], :versions::bigint[], :reasons::text[], :refunds::bigint[],
                :refundsRequested::text[], :refundsEnded::text[], :carriers::text[], :trackingNumbers::text[])
              AS row (id, status, version, reason, refunded, refunds_requested, refunds_ended, carrier, tracking_number)
            WHERE orders.id = row.id
            """)
        .param("ids", Column.texts(changes, OrderChange::id))
        .param("statuses", Column.texts(changes, OrderChange::status))
        .param("versions", Column.numbers(changes, OrderChange::last))
        .param("refundsEnded", Column.texts(changes, change -> ids(change.refundsEnded())))
        .params(fields(changes))
        .update();
  }

  private static Map<String, Object> fields(List<OrderChange> changes) {
    return Map.of(
        "reasons",
        Column.texts(changes, change -> field(change, OrderChange.REASON)),
        "refunds",
        Column.numbers(
            changes,
            change -> {
              @Nullable String refunded = change.fields().get(OrderChange.REFUNDED);
              return refunded == null ? null : Long.valueOf(refunded);
            }),
        "refundsRequested",
        Column.texts(changes, change -> ids(change.refundsRequested())),
        "carriers",
        Column.texts(changes, change -> field(change, OrderChange.CARRIER)),
        "trackingNumbers",
        Column.texts(changes, change -> field(change, OrderChange.TRACKING_NUMBER)));
  }

  private static String ids(Set<UUID> ids) {
    return ids.stream().map(UUID::toString).collect(joining(" "));
  }

  private static @Nullable String field(OrderChange change, String name) {
    return SqlText.ofNullable(change.fields().get(name));
  }

  private void insertTimeline(List<OrderChange> changes, Map<OrderId, Stored> stored) {
    List<Entry> entries = new ArrayList<>();
    for (var change : changes) {
      long sequence = change.first();
      for (byte[] json : change.entries()) {
        if (sequence > version(stored.get(change.id()))) {
          entries.add(new Entry(change.id(), sequence, text(json)));
        }
        sequence++;
      }
    }
    if (!entries.isEmpty()) {
      jdbc.sql(
              """
              INSERT INTO timeline (order_id, sequence, entry)
              SELECT * FROM unnest(:ids::uuid[], :sequences::bigint[], :entries::text[])
              """)
          .param("ids", Column.texts(entries, Entry::id))
          .param("sequences", Column.numbers(entries, Entry::sequence))
          .param("entries", Column.texts(entries, Entry::json))
          .update();
    }
  }

  private void insertWithheld(List<WithheldChange> changes) {
    if (changes.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            INSERT INTO orders (id, customer_id, status, created_at, total, currency, skus, version, fingerprint, withheld, reason)
            SELECT id, customer_id, status, created_at, total, currency, string_to_array(skus, ' '), 0, fingerprint, withheld, reason
            FROM unnest(:ids::uuid[], :customers::uuid[], :statuses::text[], :times::timestamptz[], :totals::bigint[],
                :currencies::text[], :skus::text[], :fingerprints::text[], :summaries::text[], :reasons::text[])
              AS row (id, customer_id, status, created_at, total, currency, skus, fingerprint, withheld, reason)
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, withheld = excluded.withheld, reason = excluded.reason
            """)
        .param("ids", Column.texts(changes, WithheldChange::id))
        .param("customers", Column.texts(changes, change -> change.summary().customerId()))
        .param("statuses", Column.texts(changes, WithheldChange::status))
        .param("times", Column.texts(changes, change -> change.summary().createdAt()))
        .param("totals", Column.numbers(changes, change -> change.summary().total().amount()))
        .param("currencies", Column.texts(changes, change -> change.summary().total().currency()))
        .param("skus", Column.texts(changes, change -> skus(change.summary().items())))
        .param("fingerprints", Column.texts(changes, change -> change.summary().fingerprint()))
        .param("summaries", Column.texts(changes, change -> text(Json.bytes(change.summary()))))
        .param("reasons", Column.texts(changes, change -> SqlText.ofNullable(change.reason())))
        .update();
  }

  /** SKUs contain no spaces. */
  private static String skus(List<OrderLine> items) {
    return SqlText.of(String.join(" ", items.stream().map(OrderLine::sku).toList()));
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  /** Deletes all rows. */
  void truncate() {
    jdbc.sql("TRUNCATE orders, timeline").update();
    search.truncate();
    stock.truncate();
  }
}

package shop.order.archive;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import shop.common.database.SqlText;
import shop.common.database.SqlTime;
import shop.order.OrderCursor;
import shop.order.OrderFilter;
import shop.order.OrderSearch;

/**
 * The query of one page of orders, newest first. SKUs and texts are looked up in the tables of the
 * search, each of which gives the newest orders by an index; the other conditions filter these.
 */
final class OrderQuery {

  /** Products whose name contains a text; the first in the order of their SKUs. */
  private static final int MAX_PRODUCTS = 100;

  private final Map<String, Object> parameters = new HashMap<>();
  private final List<String> conditions = new ArrayList<>();
  private final OrderSearch search;

  OrderQuery(OrderFilter filter, OrderSearch search, @Nullable OrderCursor after, int limit) {
    this.search = search;
    parameters.put("limit", limit);
    add("o.customer_id = :customer", "customer", filter.customer());
    add("o.status = :status", "status", filter.status() == null ? null : filter.status().name());
    add("o.created_at >= :from", "from", time(filter.from()));
    add("o.created_at < :to", "to", time(filter.to()));
    add("o.total >= :minTotal", "minTotal", search.minTotal());
    add("o.total <= :maxTotal", "maxTotal", search.maxTotal());
    if (after != null) {
      add(
          "(o.created_at, o.id) < (:after, :afterId)",
          "after",
          time(Instant.ofEpochMilli(after.created())));
      parameters.put("afterId", after.id().value());
    }
    if (search.sku() != null) {
      parameters.put("sku", SqlText.of(search.sku()));
    }
    if (search.text() != null) {
      parameters.put("text", SqlText.containing(search.text()));
    }
  }

  private void add(String condition, String parameter, @Nullable Object value) {
    if (value != null) {
      conditions.add(condition);
      parameters.put(parameter, value);
    }
  }

  private static @Nullable Object time(@Nullable Instant time) {
    return time == null ? null : SqlTime.of(time);
  }

  Map<String, Object> parameters() {
    return parameters;
  }

  String sql() {
    if (search.sku() != null) {
      String matching =
          search.text() == null
              ? ""
              : """
               AND (EXISTS (
                  SELECT FROM order_items other JOIN product_names name USING (sku)
                  WHERE other.order_id = o.id AND name.name ILIKE :text)
                OR EXISTS (
                  SELECT FROM tracking_numbers t WHERE t.order_id = o.id AND t.number ILIKE :text))
              """;
      return page(ofProducts("SELECT :sku AS sku", matching));
    }
    if (search.text() != null) {
      return page(
          ofProducts(
                  """
                  SELECT DISTINCT sku FROM product_names WHERE name ILIKE :text ORDER BY sku LIMIT %d
                  """
                      .formatted(MAX_PRODUCTS),
                  "")
              + " UNION "
              + newest(
                  "tracking_numbers t JOIN orders o ON o.id = t.order_id",
                  "t.number ILIKE :text",
                  "o.created_at DESC, o.id DESC"));
    }
    return newest("orders o", "true", "o.created_at DESC, o.id DESC");
  }

  /** The newest orders that contain products, of each product as many as a page has. */
  private String ofProducts(String skus, String matching) {
    return """
    (SELECT item.* FROM (%s) product CROSS JOIN LATERAL (%s) item)
    """
        .formatted(
            skus.strip(),
            newest(
                "order_items i JOIN orders o ON o.id = i.order_id",
                "i.sku = product.sku" + after() + matching,
                "i.created_at DESC, i.order_id DESC"));
  }

  /** Lets the index of the items begin at the cursor. */
  private String after() {
    return parameters.containsKey("after")
        ? " AND (i.created_at, i.order_id) < (:after, :afterId)"
        : "";
  }

  private String newest(String tables, String condition, String order) {
    var all = new ArrayList<>(conditions);
    all.addFirst(condition);
    return "(SELECT %s, o.created_at FROM %s WHERE %s ORDER BY %s LIMIT :limit)"
        .formatted(OrderRow.COLUMNS, tables, String.join(" AND ", all), order);
  }

  private static String page(String orders) {
    return "SELECT * FROM (SELECT DISTINCT * FROM (%s) found) o ORDER BY created_at DESC, id DESC LIMIT :limit"
        .formatted(orders);
  }
}

package shop.order.archive;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import shop.common.json.Json;
import shop.common.money.Money;
import shop.order.Order;
import shop.order.OrderId;
import shop.order.OrderStatus;
import shop.order.OrderSummary;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;

/** Reads orders from rows of the table. */
final class OrderRow {

  static final String COLUMNS =
      "o.id, o.status, o.version, o.command, o.withheld, o.reason, o.refunded, o.carrier, o.tracking_number";

  static final RowMapper<Order> MAPPER = (row, _) -> order(row);

  private OrderRow() {}

  private static Order order(ResultSet row) throws SQLException {
    var id = OrderId.parse(row.getString("id"));
    var status = OrderStatus.valueOf(row.getString("status"));
    @Nullable String withheld = row.getString("withheld");
    if (withheld != null) {
      return Order.withheld(
          id, Json.read(utf8(withheld), OrderSummary.class), status, row.getString("reason"));
    }
    var placed = Json.read(utf8(row.getString("command")), PlaceOrder.class);
    @Nullable Long refunded = row.getObject("refunded", Long.class);
    @Nullable String carrier = row.getString("carrier");
    return Order.of(
        id,
        placed,
        status,
        row.getString("reason"),
        refunded == null ? null : new Money(refunded, placed.total().currency()),
        carrier == null ? null : new Order.Shipment(carrier, row.getString("tracking_number")),
        row.getLong("version"));
  }

  static PlacedRequest placedRequest(ResultSet row) throws SQLException {
    @Nullable String command = row.getString("command");
    @Nullable String withheld = row.getString("withheld");
    return new PlacedRequest(
        OrderId.parse(row.getString("id")),
        row.getString("fingerprint"),
        OrderStatus.valueOf(row.getString("status")),
        command == null ? null : SerializedOrder.read(utf8(command)),
        withheld == null ? null : Json.read(utf8(withheld), OrderSummary.class));
  }

  private static byte[] utf8(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}

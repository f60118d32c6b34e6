package shop.payment.archive;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.common.database.SqlTime;
import shop.common.money.Money;
import shop.payment.Intent;
import shop.payment.Payment;
import shop.payment.PaymentStatus;
import shop.payment.Refund;

/** Reads payments. Its two statements need a transaction with one snapshot, or a lock. */
@Repository
class PaymentRows {

  private final JdbcClient jdbc;

  PaymentRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A payment with the offset of its last event. */
  record Versioned(Payment payment, long version) {}

  Map<UUID, Versioned> find(Collection<UUID> orderIds) {
    String[] ids = orderIds.stream().map(UUID::toString).toArray(String[]::new);
    Map<UUID, List<Refund>> refunds = refunds(ids);
    Map<UUID, Versioned> found = new HashMap<>();
    jdbc.sql(
            """
            SELECT order_id, customer_id, status, amount, currency, intent_id, attempt, started_at, reason, decided_at,
              version
            FROM payments WHERE order_id = ANY(:ids::uuid[])
            """)
        .param("ids", ids)
        .query(row -> {
          UUID orderId = row.getObject("order_id", UUID.class);
          found.put(
              orderId,
              new Versioned(
                  payment(row, orderId, refunds.getOrDefault(orderId, List.of())),
                  row.getLong("version")));
        });
    return found;
  }

  private static Payment payment(ResultSet row, UUID orderId, List<Refund> refunds)
      throws SQLException {
    UUID customerId = row.getObject("customer_id", UUID.class);
    @Nullable String currency = row.getString("currency");
    @Nullable Money amount = currency == null ? null : new Money(row.getLong("amount"), currency);
    @Nullable String intentId = row.getString("intent_id");
    return new Payment(
        orderId,
        customerId,
        intentId == null || amount == null
            ? null
            : new Intent(
                orderId,
                customerId,
                intentId,
                amount,
                row.getInt("attempt"),
                SqlTime.get(row, "started_at")),
        amount,
        PaymentStatus.valueOf(row.getString("status")),
        row.getString("reason"),
        List.copyOf(refunds),
        SqlTime.get(row, "decided_at"));
  }

  private Map<UUID, List<Refund>> refunds(String[] ids) {
    Map<UUID, List<Refund>> refunds = new HashMap<>();
    jdbc.sql(
            """
            SELECT order_id, id, amount, currency, attempt, status, psp_id, reason, started_at, succeeded_at, updated_at
            FROM refunds WHERE order_id = ANY(:ids::uuid[]) ORDER BY order_id, number
            """)
        .param("ids", ids)
        .query(row -> {
          refunds
              .computeIfAbsent(row.getObject("order_id", UUID.class), _ -> new ArrayList<>())
              .add(
                  new Refund(
                      row.getObject("id", UUID.class),
                      new Money(row.getLong("amount"), row.getString("currency")),
                      row.getInt("attempt"),
                      Refund.Status.valueOf(row.getString("status")),
                      row.getString("psp_id"),
                      row.getString("reason"),
                      SqlTime.get(row, "started_at"),
                      SqlTime.getNullable(row, "succeeded_at"),
                      SqlTime.get(row, "updated_at")));
        });
    return refunds;
  }
}

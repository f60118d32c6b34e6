package shop.notification.result;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.common.database.Column;
import shop.common.database.SqlText;
import shop.common.database.SqlTime;

/** The table {@code deliveries}: the result of each delivery. */
@Repository
public class DeliveryTable {

  private final JdbcClient jdbc;

  /** The table in the schema of this client. */
  public DeliveryTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Whether a delivery was sent, as far as the topic has been applied. */
  public boolean wasSent(UUID delivery) {
    return jdbc.sql("SELECT sent FROM deliveries WHERE id = :id")
        .param("id", delivery)
        .query(Boolean.class)
        .optional()
        .orElse(false);
  }

  /** Writes results, of each delivery one, in key order. */
  void write(List<DeliveryRow> rows) {
    jdbc.sql(
            """
            INSERT INTO deliveries (id, order_id, order_sequence, channel, template, attempts, sent, at)
            SELECT * FROM unnest(:ids::uuid[], :orders::uuid[], :sequences::bigint[], :channels::text[],
              :templates::text[], :attempts::int[], :sent::boolean[], :times::timestamptz[])
            ON CONFLICT (id) DO UPDATE SET attempts = excluded.attempts, sent = true, at = excluded.at
              WHERE excluded.sent AND NOT deliveries.sent
            """)
        .param("ids", Column.texts(rows, DeliveryRow::id))
        .param("orders", Column.texts(rows, DeliveryRow::orderId))
        .param("sequences", Column.texts(rows, DeliveryRow::orderSequence))
        .param("channels", Column.texts(rows, row -> SqlText.of(row.channel())))
        .param("templates", Column.texts(rows, row -> SqlText.of(row.template())))
        .param("attempts", Column.texts(rows, DeliveryRow::attempts))
        .param("sent", Column.texts(rows, DeliveryRow::sent))
        .param("times", Column.texts(rows, DeliveryRow::at))
        .update();
  }

  /**
   * Deletes the oldest results that are from before an instant.
   *
   * @param limit how many at most
   * @return how many
   */
  int deleteBefore(Instant end, int limit) {
    // Rows that another instance deletes or updates now are left to it.
    return jdbc.sql(
            """
            DELETE FROM deliveries WHERE id IN (
              SELECT id FROM deliveries WHERE at < :end ORDER BY at LIMIT :limit FOR UPDATE SKIP LOCKED)
            """)
        .param("end", SqlTime.of(end))
        .param("limit", limit)
        .update();
  }

  void truncate() {
    jdbc.sql("TRUNCATE deliveries").update();
  }
}

package shop.payment.archive;

import static java.util.Comparator.comparing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.common.database.Column;
import shop.common.database.SqlText;
import shop.common.money.Money;
import shop.payment.Intent;
import shop.payment.LoggedEvent;
import shop.payment.Payment;
import shop.payment.Refund;

/**
 * Writes payments, refunds and postings. {@link Payment} alone decides what an event changes, as in
 * memory.
 */
@Repository
public class PaymentTables {

  private final JdbcClient jdbc;
  private final PaymentRows rows;
  private final PostingTable postings;

  PaymentTables(JdbcClient jdbc, PaymentRows rows, PostingTable postings) {
    this.jdbc = jdbc;
    this.rows = rows;
    this.postings = postings;
  }

  /** A payment with the offset of its last event. */
  private record Row(Payment payment, long version) {
    @Nullable Intent intent() {
      return payment.intent();
    }

    @Nullable Money amount() {
      return payment.amount();
    }
  }

  private record RefundRow(UUID orderId, int number, Refund refund) {}

  /** Applies events, those of each order in the order of the log; earlier ones are left out. */
  public void apply(List<LoggedEvent> events) {
    Set<UUID> ids = new HashSet<>();
    events.forEach(event -> ids.add(event.orderId()));
    if (ids.isEmpty()) {
      return;
    }
    Map<UUID, PaymentRows.Versioned> stored = rows.find(ids);
    Map<UUID, Payment> payments = new HashMap<>();
    stored.forEach((id, row) -> payments.put(id, row.payment()));
    Map<String, Row> changed = new TreeMap<>();
    for (var event : events) {
      PaymentRows.@Nullable Versioned before = stored.get(event.orderId());
      if (before != null && event.offset() <= before.version()) {
        continue;
      }
      @Nullable Payment payment = event.applyTo(payments.get(event.orderId()));
      if (payment != null) {
        payments.put(event.orderId(), payment);
        changed.put(event.orderId().toString(), new Row(payment, event.offset()));
      }
    }
    write(List.copyOf(changed.values()));
  }

  private void write(List<Row> changed) {
    if (changed.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            INSERT INTO payments (order_id, customer_id, status, amount, currency, intent_id, attempt, started_at, reason,
              decided_at, version)
            SELECT * FROM unnest(:ids::uuid[], :customers::uuid[], :statuses::text[], :amounts::bigint[],
              :currencies::text[], :intents::text[], :attempts::int[], :starts::timestamptz[], :reasons::text[],
              :decisions::timestamptz[], :versions::bigint[])
            ON CONFLICT (order_id) DO UPDATE SET
              status = excluded.status, amount = excluded.amount, currency = excluded.currency,
              reason = excluded.reason, decided_at = excluded.decided_at, version = excluded.version
            WHERE payments.version < excluded.version
            """)
        .param("ids", Column.texts(changed, row -> row.payment().orderId()))
        .param("customers", Column.texts(changed, row -> row.payment().customerId()))
        .param("statuses", Column.texts(changed, row -> row.payment().status()))
        .param(
            "amounts",
            Column.numbers(changed, row -> row.amount() == null ? null : row.amount().amount()))
        .param(
            "currencies",
            Column.texts(changed, row -> row.amount() == null ? null : row.amount().currency()))
        .param(
            "intents",
            Column.texts(
                changed, row -> row.intent() == null ? null : SqlText.of(row.intent().id())))
        .param(
            "attempts",
            Column.numbers(
                changed, row -> row.intent() == null ? null : (long) row.intent().attempt()))
        .param(
            "starts",
            Column.texts(changed, row -> row.intent() == null ? null : row.intent().startedAt()))
        .param("reasons", Column.texts(changed, row -> SqlText.ofNullable(row.payment().reason())))
        .param("decisions", Column.texts(changed, row -> row.payment().decidedAt()))
        .param("versions", Column.numbers(changed, Row::version))
        .update();
    writeRefunds(changed);
    postings.replace(changed.stream().map(Row::payment).toList());
  }

  private void writeRefunds(List<Row> changed) {
    List<RefundRow> all = new ArrayList<>();
    for (var row : changed) {
      var refunds = row.payment().refunds();
      IntStream.range(0, refunds.size())
          .mapToObj(i -> new RefundRow(row.payment().orderId(), i + 1, refunds.get(i)))
          .sorted(comparing(refund -> refund.refund().id().toString()))
          .forEach(all::add);
    }
    if (all.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            INSERT INTO refunds (order_id, id, number, amount, currency, attempt, status, psp_id, reason, started_at,
              succeeded_at, updated_at)
            SELECT * FROM unnest(:orders::uuid[], :ids::uuid[], :numbers::int[], :amounts::bigint[], :currencies::text[],
              :attempts::int[], :statuses::text[], :pspIds::text[], :reasons::text[], :starts::timestamptz[],
              :successes::timestamptz[], :updates::timestamptz[])
            ON CONFLICT (order_id, id) DO UPDATE SET
              attempt = excluded.attempt, status = excluded.status, psp_id = excluded.psp_id,
              reason = excluded.reason, succeeded_at = excluded.succeeded_at, updated_at = excluded.updated_at
            """)
        .param("orders", Column.texts(all, RefundRow::orderId))
        .param("ids", Column.texts(all, row -> row.refund().id()))
        .param("numbers", Column.numbers(all, row -> (long) row.number()))
        .param("amounts", Column.numbers(all, row -> row.refund().amount().amount()))
        .param("currencies", Column.texts(all, row -> row.refund().amount().currency()))
        .param("attempts", Column.numbers(all, row -> (long) row.refund().attempt()))
        .param("statuses", Column.texts(all, row -> row.refund().status()))
        .param("pspIds", Column.texts(all, row -> SqlText.ofNullable(row.refund().pspId())))
        .param("reasons", Column.texts(all, row -> SqlText.ofNullable(row.refund().reason())))
        .param("starts", Column.texts(all, row -> row.refund().startedAt()))
        .param("successes", Column.texts(all, row -> row.refund().succeededAt()))
        .param("updates", Column.texts(all, row -> row.refund().updatedAt()))
        .update();
  }

  /** Deletes all rows. */
  public void truncate() {
    jdbc.sql("TRUNCATE payments, refunds, postings, turnovers").update();
  }
}

package shop.payment.archive;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.common.database.DatabaseFollower;
import shop.common.database.SqlTime;
import shop.common.money.Money;
import shop.payment.LogUnavailable;
import shop.payment.Payment;
import shop.payment.books.JournalEntry.Account;
import shop.payment.books.Ledger;
import shop.payment.books.LoggedBooks;
import shop.payment.books.Period;

/** Reads the books. Lists are read page by page, so that a period of any length fits in memory. */
@Repository
class BooksTables implements LoggedBooks {

  private static final int PAGE = 1000;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");
  private static final UUID LOWEST = new UUID(0, 0);

  private final JdbcClient jdbc;
  private final PaymentRows payments;
  private final PostingTable postings;
  private final DatabaseFollower follower;

  BooksTables(
      JdbcClient jdbc, PaymentRows payments, PostingTable postings, DatabaseFollower follower) {
    this.jdbc = jdbc;
    this.payments = payments;
    this.postings = postings;
    this.follower = follower;
  }

  /** A row with its place in the list: a time, an order and an id within it. */
  private record Listed<T>(Instant at, UUID orderId, UUID id, T value) {}

  @Override
  public void readToEnd() {
    try {
      if (!follower.awaitCurrentEnd(TIMEOUT)) {
        throw new LogUnavailable(
            "The tables of payments have not reached the end of the log", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailable("Interrupted while waiting for the tables of payments", e);
    }
  }

  @Override
  public SortedMap<String, Map<Account, Long>> balances() {
    return Ledger.balances(postings.turnovers().stream());
  }

  @Override
  public Map<UUID, Payment> payments(Collection<UUID> orderIds) {
    Map<UUID, Payment> found = new HashMap<>();
    payments.find(orderIds).forEach((id, row) -> found.put(id, row.payment()));
    return found;
  }

  @Override
  public Stream<LoggedCharge> charges(Period period) {
    return pages(after ->
        page(
            """
            SELECT started_at AS at, order_id, order_id AS id, intent_id, NULL AS psp_id, amount, currency
            FROM payments
            WHERE intent_id IS NOT NULL AND status = 'CAPTURED' AND started_at < :to
              AND (started_at, order_id) > (:at::timestamptz, :order::uuid)
            ORDER BY started_at, order_id LIMIT :limit
            """,
            period,
            after,
            BooksTables::charge));
  }

  @Override
  public Stream<LoggedRefund> refunds(Period period) {
    return pages(after ->
        page(
            """
            SELECT refund.updated_at AS at, order_id, refund.id, intent_id, psp_id, refund.amount, refund.currency
            FROM refunds refund JOIN payments USING (order_id)
            WHERE refund.status = 'SUCCEEDED' AND intent_id IS NOT NULL AND refund.updated_at < :to
              AND (refund.updated_at, order_id, refund.id) > (:at::timestamptz, :order::uuid, :id::uuid)
            ORDER BY refund.updated_at, order_id, refund.id LIMIT :limit
            """,
            period,
            after,
            BooksTables::refund));
  }

  @Override
  public Optional<Instant> oldestIntent() {
    return jdbc.sql(
            """
            SELECT started_at FROM payments WHERE intent_id IS NOT NULL ORDER BY started_at, order_id LIMIT 1
            """)
        .query((row, _) -> SqlTime.get(row, "started_at"))
        .optional();
  }

  /** Follows pages until one is not full. */
  private static <T> Stream<T> pages(Function<@Nullable Listed<T>, List<Listed<T>>> next) {
    return Stream.iterate(
            next.apply(null),
            page -> !page.isEmpty(),
            page -> page.size() < PAGE ? List.<Listed<T>>of() : next.apply(page.getLast()))
        .flatMap(List::stream)
        .map(Listed::value);
  }

  private <T> List<Listed<T>> page(
      String sql, Period period, @Nullable Listed<T> after, Function<Row, T> value) {
    // Before the first row of the period: no order has the lowest id.
    Instant from = storable(period.from() == null ? Instant.EPOCH : period.from());
    return jdbc.sql(sql)
        .param("to", SqlTime.of(storable(period.to())))
        .param("at", SqlTime.of(after == null ? from : after.at()))
        .param("order", after == null ? LOWEST : after.orderId())
        .param("id", after == null ? LOWEST : after.id())
        .param("limit", PAGE)
        .query((row, _) -> {
          var read = Row.of(row);
          return new Listed<>(read.at(), read.orderId(), read.id(), value.apply(read));
        })
        .list();
  }

  /** PostgreSQL's range is smaller than that of an instant. */
  private static Instant storable(Instant time) {
    return time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time.isAfter(LATEST) ? LATEST : time;
  }

  private record Row(
      Instant at, UUID orderId, UUID id, String intentId, @Nullable String pspId, Money amount) {
    static Row of(ResultSet row) throws SQLException {
      return new Row(
          SqlTime.get(row, "at"),
          row.getObject("order_id", UUID.class),
          row.getObject("id", UUID.class),
          row.getString("intent_id"),
          row.getString("psp_id"),
          new Money(row.getLong("amount"), row.getString("currency")));
    }
  }

  private static LoggedCharge charge(Row row) {
    return new LoggedCharge(row.orderId(), row.intentId(), row.amount());
  }

  private static LoggedRefund refund(Row row) {
    return new LoggedRefund(
        row.orderId(), row.intentId(), row.id(), String.valueOf(row.pspId()), row.amount());
  }
}

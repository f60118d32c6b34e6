package shop.order.archive;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.common.database.Column;
import shop.common.database.SqlTime;
import shop.common.json.Json;
import shop.order.Order;
import shop.order.OrderCursor;
import shop.order.OrderFilter;
import shop.order.OrderId;
import shop.order.OrderSearch;
import shop.order.OrderStatus;
import shop.order.OrderVersion;
import shop.order.TimelineEntry;

/**
 * All orders, as PostgreSQL has them. It may be behind Redis, so each answer comes with the
 * positions up to which the log has been applied to it.
 */
@Repository
public class ArchivedOrders {

  private final JdbcClient jdbc;
  private final ArchiveQueries queries;

  ArchivedOrders(JdbcClient jdbc, ArchiveQueries queries) {
    this.jdbc = jdbc;
    this.queries = queries;
  }

  /**
   * The order of an id.
   *
   * @throws ArchiveUnavailable if PostgreSQL does not answer
   */
  public Answer<Optional<Order>> find(OrderId id) {
    var answer = queries.answerByIds(OrderRow.COLUMNS, List.of(id), OrderRow.MAPPER);
    return new Answer<>(answer.value().stream().findFirst(), answer.positions());
  }

  /**
   * The timeline of an order after an event, oldest first.
   *
   * @throws ArchiveUnavailable if PostgreSQL does not answer
   */
  public Answer<List<TimelineEntry>> timeline(OrderId id, long afterSequence) {
    return queries.answer(() ->
        jdbc.sql(
                """
                SELECT entry FROM timeline WHERE order_id = :id::uuid AND sequence > :after ORDER BY sequence
                """)
            .param("id", id.toString())
            .param("after", afterSequence)
            .query((row, _) -> Json.MAPPER.readValue(row.getString(1), TimelineEntry.class))
            .list());
  }

  /**
   * Orders of a list, newest first.
   *
   * @param after the last order of the previous page; null for the first page
   * @throws ArchiveUnavailable if PostgreSQL does not answer, or not in time
   */
  public Answer<List<Order>> list(
      OrderFilter filter, OrderSearch search, @Nullable OrderCursor after, int limit) {
    var query = new OrderQuery(filter, search, after, limit);
    return queries.answer(
        () -> jdbc.sql(query.sql()).params(query.parameters()).query(OrderRow.MAPPER).list());
  }

  /**
   * Orders by their ids; those that are not stored are left out.
   *
   * @throws ArchiveUnavailable if PostgreSQL does not answer
   */
  public Answer<List<PlacedRequest>> placed(Collection<OrderId> ids) {
    return queries.answerByIds(
        "o.id, o.fingerprint, o.status, o.command, o.withheld",
        ids,
        (row, _) -> OrderRow.placedRequest(row));
  }

  /**
   * Those of the orders that wait for no refund.
   *
   * @throws ArchiveUnavailable if PostgreSQL does not answer
   */
  public Answer<List<OrderVersion>> withoutRefundUnderWay(Collection<OrderId> ids) {
    return queries.answer(() ->
        jdbc.sql(
                """
                SELECT id, version, status FROM orders WHERE id = ANY(:ids::uuid[]) AND refunds_under_way = '{}'
                """)
            .param("ids", Column.texts(List.copyOf(ids), id -> id))
            .query((row, _) ->
                new OrderVersion(
                    OrderId.parse(row.getString("id")),
                    row.getLong("version"),
                    OrderStatus.valueOf(row.getString("status"))))
            .list());
  }

  /**
   * An order that waits for payment-service.
   *
   * @param since its last event, from which on it waits
   * @param refunds the ids of the refunds that are under way
   */
  public record AwaitingOrder(OrderId id, Instant since, Set<String> refunds) {}

  /**
   * The orders that are being cancelled or wait for a refund, those that wait longest first.
   *
   * @param placedBefore only orders that were placed before it
   * @param waitingBefore only orders that have waited since before it
   * @param skip the number of orders to leave out at the beginning
   * @throws ArchiveUnavailable if PostgreSQL does not answer
   */
  public List<AwaitingOrder> awaitingPayment(
      Instant placedBefore, Instant waitingBefore, int skip, int limit) {
    return queries
        .answer(() ->
            jdbc.sql(
                    """
                    SELECT id, since, refunds_under_way
                    FROM (
                      SELECT o.id, o.refunds_under_way, (t.entry::jsonb ->> 'time')::timestamptz AS since
                      FROM orders o JOIN timeline t ON t.order_id = o.id AND t.sequence = o.version
                      WHERE (o.status = 'CANCELLING' OR o.refunds_under_way <> '{}') AND o.created_at < :placedBefore) waiting
                    WHERE since < :waitingBefore ORDER BY since, id OFFSET :skip LIMIT :limit
                    """)
                .param("placedBefore", SqlTime.of(placedBefore))
                .param("waitingBefore", SqlTime.of(waitingBefore))
                .param("skip", skip)
                .param("limit", limit)
                .query((row, _) ->
                    new AwaitingOrder(
                        OrderId.parse(row.getString("id")),
                        SqlTime.get(row, "since"),
                        Set.of((String[]) row.getArray("refunds_under_way").getArray())))
                .list())
        .value();
  }

  /** An upper bound of the age of the oldest record that has not been applied. */
  public Duration age() {
    return queries.age();
  }
}

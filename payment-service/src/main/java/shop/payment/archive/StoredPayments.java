package shop.payment.archive;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import shop.common.kafka.Topics;
import shop.payment.HistoryUnavailable;
import shop.payment.PaymentHistory;

/**
 * Reads single payments. After a failure it fails at once for a while, so that those who wait for
 * the database keep neither bulkhead slots nor connections that orders need which do without it.
 */
@Repository
class StoredPayments implements PaymentHistory {

  private static final Logger log = LoggerFactory.getLogger(StoredPayments.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final JdbcClient jdbc;
  private final PaymentRows rows;
  private final TransactionTemplate snapshot;
  private final Clock clock;
  private volatile boolean responding = true;
  private volatile Instant pausedUntil = Instant.MIN;

  StoredPayments(
      JdbcClient jdbc, PaymentRows rows, PlatformTransactionManager transactions, Clock clock) {
    this.jdbc = jdbc;
    this.rows = rows;
    this.snapshot = new TransactionTemplate(transactions);
    this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    this.snapshot.setReadOnly(true);
    this.clock = clock;
  }

  @Override
  public Stored find(UUID orderId, int partition) {
    return read(() ->
        requireNonNull(
            snapshot.execute(_ -> {
              long next = positionsBy("partition = " + partition).getOrDefault(partition, 0L);
              PaymentRows.@Nullable Versioned row = rows.find(List.of(orderId)).get(orderId);
              return new Stored(row == null ? null : row.payment(), next);
            })));
  }

  @Override
  public Map<Integer, Long> positions() {
    return read(() -> positionsBy("true"));
  }

  private Map<Integer, Long> positionsBy(String condition) {
    Map<Integer, Long> positions = new HashMap<>();
    jdbc.sql("SELECT partition, next FROM positions WHERE topic = :topic AND " + condition)
        .param("topic", Topics.PAYMENTS.name())
        .query(row -> {
          positions.put(row.getInt("partition"), row.getLong("next"));
        });
    return positions;
  }

  private <T> T read(Supplier<T> query) {
    if (clock.instant().isBefore(pausedUntil)) {
      throw new HistoryUnavailable("PostgreSQL did not respond a moment ago", null);
    }
    try {
      var found = query.get();
      if (!responding) {
        responding = true;
        log.info("PostgreSQL responds again: orders that are not recent are processed");
      }
      return found;
    } catch (DataAccessException | TransactionException e) {
      if (responding) {
        responding = false;
        log.warn("PostgreSQL does not respond: orders that are not recent wait", e);
      }
      pausedUntil = clock.instant().plus(PAUSE);
      throw new HistoryUnavailable("PostgreSQL does not respond", e);
    }
  }
}

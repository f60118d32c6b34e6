package shop.operations.desk;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.common.database.DatabaseFollower;
import shop.common.database.SqlTime;
import shop.operations.State;

/**
 * The metrics for alerts: the number of open dead letters, the age of the oldest, and the arrivals.
 * They are registered only after the tables are complete, so that a restart does not look like a
 * burst of arrivals. All instances report the same values.
 */
final class DeskMetrics {

  private static final Logger log = LoggerFactory.getLogger(DeskMetrics.class);

  private static final List<String> SERVICES =
      List.of(
          "gateway",
          "order-service",
          "payment-service",
          "notification-service",
          "analytics-service",
          "operations-service");

  /** So that one scrape, which reads many values, queries the database once. */
  private static final Duration CACHED = Duration.ofMillis(100);

  private final TallyTable tallies;
  private final JdbcClient jdbc;
  private final DatabaseFollower follower;
  private final MeterRegistry registry;
  private final Clock clock;

  private Instant readAt = Instant.EPOCH;
  private Values values = new Values(Map.of(), Map.of());

  DeskMetrics(JdbcTemplate jdbc, DatabaseFollower follower, MeterRegistry registry, Clock clock) {
    this.tallies = new TallyTable(jdbc);
    this.jdbc = JdbcClient.create(jdbc);
    this.follower = follower;
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * What the database said last.
   *
   * @param oldest when the oldest open dead letter of a service was dead-lettered
   */
  private record Values(Map<TallyTable.Key, Long> counts, Map<String, Instant> oldest) {

    long count(String service, State state) {
      return counts.getOrDefault(new TallyTable.Key(service, state), 0L);
    }

    long all(String service) {
      return Arrays.stream(State.values()).mapToLong(state -> count(service, state)).sum();
    }
  }

  @EventListener(ApplicationReadyEvent.class)
  void onReady() {
    Thread.ofVirtual()
        .name("desk-metrics")
        .start(() -> {
          try {
            follower.awaitCaughtUp();
            SERVICES.forEach(this::register);
          } catch (InterruptedException e) {
            log.debug("Stopped before the tables were complete; no metrics are registered", e);
          }
        });
  }

  private void register(String service) {
    Arrays.stream(State.values())
        .filter(State::isOpen)
        .forEach(state ->
            Gauge.builder("dead_letters_open", () -> values().count(service, state))
                .description("Open dead letters of a service")
                .tag("service", service)
                .tag("state", state.name())
                .register(registry));
    TimeGauge.builder(
            "dead_letters_oldest_open_age", () -> oldestOpenAge(service), TimeUnit.SECONDS)
        .description("Age of a service's oldest open dead letter; 0 if there is none")
        .tag("service", service)
        .register(registry);
    FunctionCounter.builder("dead_letters_arrived", this, one -> one.values().all(service))
        .description("All dead letters of a service, open or closed")
        .tag("service", service)
        .register(registry);
  }

  private long oldestOpenAge(String service) {
    @Nullable Instant oldest = values().oldest().get(service);
    return oldest == null ? 0 : Duration.between(oldest, clock.instant()).toSeconds();
  }

  /** Those of the last query if the database does not answer. */
  private synchronized Values values() {
    Instant now = clock.instant();
    if (now.isAfter(readAt.plus(CACHED))) {
      readAt = now;
      try {
        values = new Values(tallies.counts(), oldest());
      } catch (DataAccessException e) {
        log.debug("The metrics of the desk cannot be read", e);
      }
    }
    return values;
  }

  /** One look-up in an index for each service. */
  private Map<String, Instant> oldest() {
    Map<String, Instant> oldest = new HashMap<>();
    jdbc.sql(
            """
            SELECT wanted.service, failed_at FROM unnest(:services::text[]) AS wanted (service)
            CROSS JOIN LATERAL (
              SELECT failed_at FROM entries
              WHERE entries.service = wanted.service AND failed_at IS NOT NULL
                AND state NOT IN ('RESOLVED', 'DISCARDED')
              ORDER BY failed_at LIMIT 1) AS oldest
            """)
        .param("services", SERVICES.toArray(String[]::new))
        .query(row -> {
          oldest.put(row.getString("service"), SqlTime.get(row, "failed_at"));
        });
    return oldest;
  }
}

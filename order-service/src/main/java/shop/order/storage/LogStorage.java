package shop.order.storage;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import shop.common.problem.Problem;

/**
 * Refuses new orders while the log of a broker is too large, or the free space of its volume too
 * small: a broker whose disk is full ends, and nothing is ever deleted to make room. What has been
 * accepted is still settled. Sizes are those of the last check; while brokers do not respond, the
 * last ones count.
 */
@Component
public class LogStorage implements MeterBinder {

  private static final Logger log = LoggerFactory.getLogger(LogStorage.class);
  private static final Duration RETRY_AFTER = Duration.ofMinutes(1);

  private final LogDirectories directories;
  private final StorageSettings settings;
  private volatile List<LogDirectories.Usage> brokers = List.of();
  private volatile @Nullable String full;

  LogStorage(LogDirectories directories, StorageSettings settings) {
    this.directories = directories;
    this.settings = settings;
  }

  /**
   * Requires that there is room for another order.
   *
   * @throws Problem 503, with the remedy, if there is none
   */
  public void requireRoom() {
    @Nullable String reason = full;
    if (reason != null) {
      throw Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "storage-full", "The storage is full")
          .detail("No new orders are accepted: " + reason)
          .retryAfter(RETRY_AFTER);
    }
  }

  @Scheduled(fixedDelayString = "${shop.storage.check-interval}")
  void check() {
    check(settings);
  }

  void check(StorageSettings limits) {
    try {
      brokers = directories.usage();
    } catch (LogDirectories.Unavailable e) {
      log.warn(
          "The sizes of the brokers' log directories cannot be read; checking again later: {}",
          e.getMessage());
      return;
    }
    @Nullable String before = full;
    full = reason(limits);
    if (full != null && before == null) {
      log.error("New orders are refused from now on: {}; the brokers have {}", full, brokers);
    } else if (full == null && before != null) {
      log.info("New orders are accepted again; the brokers have {}", brokers);
    }
  }

  /** Why there is no room; null if there is. */
  private @Nullable String reason(StorageSettings limits) {
    long limit = limits.limit().toBytes();
    if (limit > 0 && size() > limit) {
      return "the log has more than %s MB. Its operator adds disk and raises KAFKA_DISK_LIMIT"
          .formatted(limits.limit().toMegabytes());
    }
    if (free() < limits.free().toBytes()) {
      return "the disk of the log has less than %s MB left. Its operator adds disk"
          .formatted(limits.free().toMegabytes());
    }
    return null;
  }

  /** Of the broker that has most; 0 before the first check. */
  private long size() {
    return brokers.stream().mapToLong(LogDirectories.Usage::size).max().orElse(0);
  }

  /** Of the volume that has least; the largest number before the first check. */
  private long free() {
    return brokers.stream().mapToLong(LogDirectories.Usage::free).min().orElse(Long.MAX_VALUE);
  }

  private double measured(long bytes) {
    return brokers.isEmpty() ? Double.NaN : bytes;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("orders.storage.size", () -> measured(size()))
        .description("The size of the largest broker's log")
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
    Gauge.builder("orders.storage.free", () -> measured(free()))
        .description("The free space of the fullest volume with a broker's log")
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
    Gauge.builder("orders.storage.full", () -> full == null ? 0 : 1)
        .description("Whether new orders are refused")
        .register(registry);
  }
}

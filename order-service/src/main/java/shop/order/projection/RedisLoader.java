package shop.order.projection;

import static java.util.stream.Collectors.toMap;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import shop.order.archive.ArchiveSnapshot;
import shop.order.archive.ArchiveSnapshots;
import shop.order.eviction.EvictionSettings;
import shop.order.projection.RebuildProgress.Phase;
import shop.order.store.BulkLoad;
import shop.order.store.BulkLoads;
import shop.order.store.Positions;

/**
 * Loads an empty Redis from PostgreSQL: the stock, and the orders that have not left Redis by their
 * age. The projector applies what the log has beyond that. Used by one thread. See
 * docs/decisions/0054.
 */
@Component
class RedisLoader {

  private static final Logger log = LoggerFactory.getLogger(RedisLoader.class);

  private final Positions positions;
  private final BulkLoads loads;
  private final ArchiveSnapshots snapshots;
  private final OrderLogEnds logEnds;
  private final EvictionSettings eviction;
  private final RebuildProgress progress;
  private final Clock clock;
  private @Nullable Target target;

  RedisLoader(
      Positions positions,
      BulkLoads loads,
      ArchiveSnapshots snapshots,
      OrderLogEnds logEnds,
      EvictionSettings eviction,
      RebuildProgress progress,
      Clock clock) {
    this.positions = positions;
    this.loads = loads;
    this.snapshots = snapshots;
    this.logEnds = logEnds;
    this.eviction = eviction;
    this.progress = progress;
    this.clock = clock;
  }

  /** The ends of the log when the emptiness of this mark was found, which PostgreSQL must reach. */
  private record Target(String mark, Map<TopicPartition, Long> ends) {}

  /**
   * Loads Redis if it is empty, PostgreSQL is ready, and no other instance is loading it. Returns
   * soon unless this instance loads.
   *
   * @param mark of the Redis that is not open
   * @return true if Redis is loaded, or was not empty; otherwise to be called again
   */
  boolean isLoaded(String mark) {
    if (positions.exist()) {
      return true;
    }
    try {
      return isDatabaseReady(target(mark).ends()) && load(mark);
    } catch (DataAccessException | TransactionException e) {
      if (progress.phase() != Phase.DATABASE_AWAY) {
        log.warn("Redis is empty and cannot be loaded until PostgreSQL responds; trying again", e);
      }
      progress.enter(Phase.DATABASE_AWAY);
      return false;
    }
  }

  private Target target(String mark) {
    var current = target;
    if (current == null || !current.mark().equals(mark)) {
      current = new Target(mark, logEnds.ofApplied());
      target = current;
    }
    return current;
  }

  /** A log without any record needs no PostgreSQL. */
  private boolean isDatabaseReady(Map<TopicPartition, Long> ends) {
    if (isEmpty(ends)) {
      return true;
    }
    var applied = snapshots.positions();
    if (Positions.haveReached(applied, ends) && !areBeyond(applied, logEnds.ofApplied())) {
      return true;
    }
    if (progress.phase() != Phase.DATABASE_BEHIND) {
      log.info("Redis is empty and is loaded when PostgreSQL holds all of the log");
    }
    progress.enter(Phase.DATABASE_BEHIND);
    progress.update(applied, ends);
    return false;
  }

  private static boolean isEmpty(Map<TopicPartition, Long> ends) {
    return ends.values().stream().allMatch(end -> end == 0);
  }

  /** True if the tables are of another log: their follower empties and fills them again. */
  private static boolean areBeyond(
      Map<TopicPartition, Long> applied, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .anyMatch(end -> applied.getOrDefault(end.getKey(), 0L) > end.getValue());
  }

  private boolean load(String mark) {
    progress.enter(Phase.LOADING);
    var load = loads.begin(mark).orElse(null);
    if (load == null) {
      return false;
    }
    var began = clock.instant();
    var cutOff = began.minus(eviction.after()).truncatedTo(ChronoUnit.MILLIS);
    try {
      if (isEmpty(target(mark).ends())) {
        load.end(cutOff, positions(logEnds.appliedPartitions(), Map.of()));
      } else {
        snapshots.read(snapshot ->
            copy(snapshot, cutOff, logEnds.appliedPartitions(), load, progress::update));
      }
    } catch (BulkLoad.Lost e) {
      log.warn("The load of Redis was interrupted and starts again: {}", e.getMessage());
      return false;
    }
    log.info(
        "Loaded Redis from PostgreSQL: {} orders, products and adjustments in {} ms",
        load.written(),
        clock.instant().toEpochMilli() - began.toEpochMilli());
    return true;
  }

  /** Copies what Redis holds from PostgreSQL, and ends the load. */
  static void copy(
      ArchiveSnapshot snapshot,
      Instant cutOff,
      Collection<TopicPartition> partitions,
      BulkLoad load,
      LongConsumer written) {
    // Of the same moment as everything else in the snapshot.
    var held = positions(partitions, snapshot.positions());
    snapshot.readStock(load::writeStock);
    snapshot.readAdjustments(cutOff, load::writeAdjustment);
    snapshot.readHotOrders(
        cutOff,
        order -> {
          load.write(order);
          written.accept(load.written());
        });
    load.end(cutOff, held);
  }

  private static Map<TopicPartition, Long> positions(
      Collection<TopicPartition> partitions, Map<TopicPartition, Long> known) {
    return partitions.stream()
        .collect(toMap(partition -> partition, partition -> known.getOrDefault(partition, 0L)));
  }
}

package shop.common.database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.common.database.PositionTable.Move;
import shop.common.database.PositionTable.Position;
import shop.common.kafka.LogEnds;

/**
 * What the thread of a {@link DatabaseFollower} does from a start to the next stop: reads the
 * positions, then batch by batch the log from there, until something fails; then again.
 */
final class FollowerLoop implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(FollowerLoop.class);

  private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
  private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(5);

  private final String name;
  private final KafkaConsumer<byte[], byte[]> reader;
  private final Collection<String> topics;
  private final LogEnds ends;
  private final FollowedTables tables;
  private final DatabaseSchema schema;
  private final Progress progress;
  private final Runnable onTruncated;
  private final Clock clock;
  private final Backoff backoff;
  private final OutageLog outage;
  private final BlockedPartitions blocked;

  /** The offset of the next record to apply, of each partition that is assigned. */
  private final Map<TopicPartition, Long> next = new HashMap<>();

  private boolean aligned;
  private Instant retryAt = Instant.MIN;
  private Instant checkAt = Instant.MIN;
  private @Nullable Map<TopicPartition, Long> endsAtStart;
  private volatile boolean stopped;

  /**
   * A loop that has not been run.
   *
   * @param reader is closed at its end
   */
  FollowerLoop(
      String name,
      KafkaConsumer<byte[], byte[]> reader,
      Collection<String> topics,
      LogEnds ends,
      FollowedTables tables,
      DatabaseSchema schema,
      Progress progress,
      Runnable onTruncated,
      Clock clock,
      Backoff backoff) {
    this.name = name;
    this.reader = reader;
    this.topics = topics;
    this.ends = ends;
    this.tables = tables;
    this.schema = schema;
    this.progress = progress;
    this.onTruncated = onTruncated;
    this.clock = clock;
    this.backoff = backoff;
    this.outage = new OutageLog("Follower " + name);
    this.blocked = new BlockedPartitions(name, reader, clock);
  }

  /** Ends the loop; to be called by another thread. */
  void stop() {
    stopped = true;
    reader.wakeup();
  }

  @Override
  public void run() {
    try (reader) {
      reader.subscribe(topics, new Rebalances());
      while (!stopped) {
        try {
          step();
        } catch (WakeupException e) {
          log.debug("Follower {} is stopped", name, e);
        } catch (RuntimeException | ExecutionException | TimeoutException e) {
          outage.failed(e);
          if (DatabaseFailures.isSchemaMissing(e)) {
            schema.forget();
          }
          suspend(backoff.next());
        }
      }
    } catch (InterruptedException e) {
      log.debug("Follower {} was interrupted", name, e);
    }
  }

  private void step() throws InterruptedException, ExecutionException, TimeoutException {
    var records = reader.poll(POLL_TIMEOUT);
    Instant now = clock.instant();
    if (!aligned) {
      if (!now.isBefore(retryAt)) {
        align();
      }
      return;
    }
    if (!records.nextOffsets().isEmpty()) {
      apply(records);
    }
    if (aligned) {
      blocked.resumeDue();
    }
    if (aligned && !now.isBefore(checkAt)) {
      check();
      checkAt = now.plus(CHECK_INTERVAL);
    }
    outage.succeeded();
    backoff.reset();
  }

  /** Reads nothing until the positions have been read again. */
  private void suspend(Duration delay) {
    aligned = false;
    retryAt = clock.instant().plus(delay);
    reader.pause(reader.assignment());
  }

  /** Continues at the positions that the database has. */
  private void align() throws InterruptedException, ExecutionException, TimeoutException {
    schema.ensureMigrated();
    var starts = ends.queryStarts(KAFKA_TIMEOUT);
    begin(starts, ends.query(KAFKA_TIMEOUT));
    var positions = tables.positions();
    next.clear();
    blocked.clear();
    for (var partition : reader.assignment()) {
      @Nullable Position position = positions.get(partition);
      long offset = position == null ? 0 : position.next();
      reader.seek(partition, offset);
      next.put(partition, offset);
    }
    reader.resume(reader.assignment());
    aligned = true;
  }

  private void begin(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> currentEnds) {
    boolean truncated =
        tables.begin(
            starts,
            position -> {
              long start = starts.getOrDefault(position.partition(), 0L);
              long end = currentEnds.getOrDefault(position.partition(), Long.MAX_VALUE);
              boolean lost = position.next() < start || position.next() > end;
              if (lost) {
                log.error(
                    "Follower {} has applied {} up to offset {}, but the log has {} to {}. All its tables are emptied and filled again",
                    name,
                    position.partition(),
                    position.next(),
                    start,
                    end);
              }
              return lost;
            });
    if (truncated) {
      onTruncated.run();
    }
  }

  /** Applies what was read, of a blocked partition only what is before the block. */
  private void apply(ConsumerRecords<byte[], byte[]> records) {
    Map<TopicPartition, PartitionBlocked> blocks = new HashMap<>();
    while (!tryToApply(records, blocks)) {
      log.debug("Follower {} leaves out what is blocked: {}", name, blocks.keySet());
    }
    if (aligned) {
      blocks.values().forEach(blocked::add);
    }
  }

  /**
   * Applies the records that are not blocked.
   *
   * @return false if another one is, which has been added to the blocks
   */
  private boolean tryToApply(
      ConsumerRecords<byte[], byte[]> records, Map<TopicPartition, PartitionBlocked> blocks) {
    List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>(records.count());
    List<Move> moves = new ArrayList<>();
    records
        .nextOffsets()
        .forEach((partition, nextOffset) -> {
          long begin = next.getOrDefault(partition, 0L);
          @Nullable PartitionBlocked block = blocks.get(partition);
          long end = block == null ? nextOffset.offset() : block.offset();
          var applied =
              records.records(partition).stream().filter(record -> record.offset() < end).toList();
          if (end > begin) {
            batch.addAll(applied);
            moves.add(new Move(partition, begin, end, lastTime(applied)));
          }
        });
    try {
      if (!moves.isEmpty() && move(moves, batch)) {
        moves.forEach(move -> next.put(move.partition(), move.end()));
        progress.signal();
      }
      return true;
    } catch (PartitionBlocked e) {
      @Nullable PartitionBlocked before = blocks.put(e.partition(), e);
      if (before != null && before.offset() <= e.offset()) {
        throw e;
      }
      return false;
    }
  }

  /** The time of a partition's last record, unless there is none or a clock is ahead. */
  private @Nullable Instant lastTime(List<ConsumerRecord<byte[], byte[]>> records) {
    if (records.isEmpty()) {
      return null;
    }
    Instant time = Instant.ofEpochMilli(Math.max(0, records.getLast().timestamp()));
    return time.isBefore(clock.instant()) ? time : null;
  }

  private boolean move(List<Move> moves, List<ConsumerRecord<byte[], byte[]>> batch) {
    boolean moved = tables.apply(moves, batch);
    if (!moved) {
      log.info(
          "The positions of follower {} are not where it left them: its partitions have moved, or the database was restored. Reading them again",
          name);
      suspend(Duration.ZERO);
    }
    return moved;
  }

  /**
   * Confirms that the positions are where this instance left them, and notes the time at those that
   * are at the end of the log.
   */
  private void check() throws InterruptedException, ExecutionException, TimeoutException {
    Instant now = clock.instant();
    var currentEnds = ends.query(KAFKA_TIMEOUT);
    List<Move> moves = new ArrayList<>();
    long unapplied = 0;
    for (var position : next.entrySet()) {
      long offset = position.getValue();
      long behind = currentEnds.getOrDefault(position.getKey(), offset) - offset;
      unapplied += Math.max(0, behind);
      moves.add(new Move(position.getKey(), offset, offset, behind <= 0 ? now : null));
    }
    progress.setLag(unapplied);
    if (!moves.isEmpty() && !move(moves, List.of())) {
      return;
    }
    var positions = tables.positions();
    progress.setAsOf(
        ends.partitions().stream()
            .map(positions::get)
            .map(position -> position == null ? Instant.EPOCH : position.asOf())
            .min(Instant::compareTo)
            .orElse(Instant.EPOCH));
    if (!progress.caughtUp()) {
      checkCaughtUp(currentEnds);
    }
  }

  private void checkCaughtUp(Map<TopicPartition, Long> currentEnds) {
    if (endsAtStart == null) {
      endsAtStart = currentEnds;
    }
    if (tables.areAt(endsAtStart)) {
      progress.setCaughtUp();
      log.info("Follower {} has applied its topics to the end", name);
    }
  }

  /** Partitions that were assigned are read only after their positions have been read. */
  private final class Rebalances implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      // Without a position of its own the consumer would look for a committed one.
      partitions.forEach(partition -> reader.seek(partition, 0));
      suspend(Duration.ZERO);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      partitions.forEach(partition -> {
        next.remove(partition);
        blocked.forget(partition);
      });
    }
  }
}

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import shop.common.database.PositionTable.Move;
import shop.common.database.PositionTable.Position;
import shop.common.kafka.LogEnds;
import shop.common.kafka.Topic;
import shop.common.lifecycle.Phases;

/**
 * Applies the committed records of topics to tables, each exactly once. Instances share the
 * partitions as a consumer group, but the positions are in the database: one transaction writes the
 * rows of a batch and moves the positions, provided that these are where the batch begins. So an
 * instance that lost its partitions changes nothing, and a database that was restored from an older
 * copy is only behind. While Kafka or the database is away, the follower keeps its partitions and
 * waits.
 *
 * <p>A position that the log does not have any more (Kafka was wiped, or deleted records that had
 * not been applied) means that the tables cannot be completed: they are emptied and filled again.
 */
public final class DatabaseFollower implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(DatabaseFollower.class);

  private static final int MAX_BATCH = 500;
  private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
  private static final Duration BLOCK_INTERVAL = Duration.ofSeconds(2);
  private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(5);

  /** How often those who wait look for what other instances have applied. */
  private static final Duration WAIT_INTERVAL = Duration.ofMillis(20);

  private final String name;
  private final Map<String, Object> settings;
  private final List<String> topics;
  private final LogEnds ends;
  private final FollowedTables tables;
  private final DatabaseSchema schema;
  private final Runnable onTruncated;
  private final Clock clock;
  private final Backoff backoff;
  private final OutageLog outage;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition advanced = lock.newCondition();

  // Of the follower's thread.
  private final Map<TopicPartition, Long> next = new HashMap<>();

  /** Partitions that are not read, and until when. */
  private final Map<TopicPartition, Instant> blocked = new HashMap<>();

  /** The offsets at which blocks were logged. */
  private final Map<TopicPartition, Long> reportedBlocks = new HashMap<>();

  private boolean aligned;
  private Instant retryAt = Instant.MIN;
  private Instant checkAt = Instant.MIN;
  private @Nullable Map<TopicPartition, Long> endsAtStart;

  private volatile boolean caughtUp;
  private volatile long lag;
  private volatile Instant asOf = Instant.EPOCH;
  private volatile boolean running;
  private @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private @Nullable Thread thread;

  DatabaseFollower(
      String name,
      Map<String, Object> settings,
      Collection<Topic> topics,
      FollowedTables tables,
      DatabaseSchema schema,
      Runnable onTruncated,
      Clock clock,
      Backoff backoff) {
    this.name = name;
    this.settings = new HashMap<>(settings);
    this.settings.put(ConsumerConfig.CLIENT_ID_CONFIG, name);
    this.settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    this.settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    this.settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_BATCH);
    this.settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20);
    this.topics = topics.stream().map(Topic::name).toList();
    this.ends = new LogEnds(settings, topics);
    this.tables = tables;
    this.schema = schema;
    this.onTruncated = onTruncated;
    this.clock = clock;
    this.backoff = backoff;
    this.outage = new OutageLog("Follower " + name);
  }

  /**
   * True after all records that existed when this instance started have been applied, by whichever
   * instance.
   */
  public boolean caughtUp() {
    return caughtUp;
  }

  /** Waits until all records that existed when this instance started have been applied. */
  public void awaitCaughtUp() throws InterruptedException {
    while (!await(() -> caughtUp, CHECK_INTERVAL)) {
      log.debug("Follower {} has not applied its topics to the end yet", name);
    }
  }

  /** The number of records that are in this instance's partitions and have not been applied. */
  public long lag() {
    return lag;
  }

  /**
   * The age of the oldest record that may not have been applied, by whichever instance: all earlier
   * ones have been. Some seconds in normal operation; it grows while Kafka or the database is away.
   */
  public Duration age() {
    return Duration.between(asOf, clock.instant());
  }

  /** The offset of each partition's next record to apply, as the database has it. */
  public Map<TopicPartition, Long> positions() {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    tables.positions().forEach((partition, position) -> offsets.put(partition, position.next()));
    return offsets;
  }

  /**
   * Waits until a record has been applied, by whichever instance.
   *
   * @return false if it has not within the timeout
   */
  public boolean awaitApplied(TopicPartition partition, long offset, Duration timeout)
      throws InterruptedException {
    return await(() -> tables.next(partition) > offset, timeout);
  }

  /**
   * Waits until every record has been applied that is in the topics at the time of the call,
   * including those of open transactions.
   *
   * @return false if it has not within the timeout, or the end offsets cannot be queried
   */
  public boolean awaitCurrentEnd(Duration timeout) throws InterruptedException {
    Instant deadline = clock.instant().plus(timeout);
    try {
      var current = ends.query(timeout);
      return await(() -> isAt(current), Duration.between(clock.instant(), deadline));
    } catch (ExecutionException | TimeoutException e) {
      log.debug("Follower {} cannot query the end offsets of its topics", name, e);
      return false;
    }
  }

  private boolean isAt(Map<TopicPartition, Long> offsets) {
    var positions = positions();
    return offsets.entrySet().stream()
        .allMatch(offset -> positions.getOrDefault(offset.getKey(), 0L) >= offset.getValue());
  }

  private boolean await(BooleanSupplier condition, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      lock.lockInterruptibly();
      try {
        if (System.nanoTime() >= deadline) {
          return false;
        }
        var _ = advanced.awaitNanos(WAIT_INTERVAL.toNanos());
      } finally {
        lock.unlock();
      }
    }
    return true;
  }

  @Override
  public void start() {
    var reader = new KafkaConsumer<byte[], byte[]>(settings);
    endsAtStart = null;
    running = true;
    consumer = reader;
    thread = Thread.ofPlatform().daemon().name(name).start(() -> run(reader));
  }

  private void run(KafkaConsumer<byte[], byte[]> reader) {
    try (reader) {
      reader.subscribe(topics, new Rebalances(reader));
      while (running) {
        try {
          step(reader);
        } catch (WakeupException e) {
          log.debug("Follower {} is stopped", name, e);
        } catch (RuntimeException | ExecutionException | TimeoutException e) {
          outage.failed(e);
          if (DatabaseFailures.isSchemaMissing(e)) {
            schema.forget();
          }
          suspend(reader, backoff.next());
        }
      }
    } catch (InterruptedException e) {
      log.debug("Follower {} was interrupted", name, e);
    }
  }

  private void step(KafkaConsumer<byte[], byte[]> reader)
      throws InterruptedException, ExecutionException, TimeoutException {
    var records = reader.poll(POLL_TIMEOUT);
    Instant now = clock.instant();
    if (!aligned) {
      if (!now.isBefore(retryAt)) {
        align(reader);
      }
      return;
    }
    if (!records.nextOffsets().isEmpty()) {
      apply(reader, records);
    }
    if (aligned) {
      unblock(reader, now);
    }
    if (aligned && !now.isBefore(checkAt)) {
      check(reader);
      checkAt = now.plus(CHECK_INTERVAL);
    }
    outage.succeeded();
    backoff.reset();
  }

  /** Reads nothing until the positions have been read again. */
  private void suspend(KafkaConsumer<byte[], byte[]> reader, Duration delay) {
    aligned = false;
    retryAt = clock.instant().plus(delay);
    reader.pause(reader.assignment());
  }

  /** Continues at the positions that the database has. */
  private void align(KafkaConsumer<byte[], byte[]> reader)
      throws InterruptedException, ExecutionException, TimeoutException {
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
  private void apply(
      KafkaConsumer<byte[], byte[]> reader, ConsumerRecords<byte[], byte[]> records) {
    Map<TopicPartition, PartitionBlocked> blocks = new HashMap<>();
    while (!tryToApply(reader, records, blocks)) {
      log.debug("Follower {} leaves out what is blocked: {}", name, blocks.keySet());
    }
    blocks.values().forEach(cause -> block(reader, cause));
  }

  /**
   * Applies the records that are not blocked.
   *
   * @return false if another one is, which has been added to the blocks
   */
  private boolean tryToApply(
      KafkaConsumer<byte[], byte[]> reader,
      ConsumerRecords<byte[], byte[]> records,
      Map<TopicPartition, PartitionBlocked> blocks) {
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
      if (!moves.isEmpty() && move(reader, moves, batch)) {
        moves.forEach(move -> next.put(move.partition(), move.end()));
        signal();
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

  /** Reads a partition again later; the others go on. */
  private void block(KafkaConsumer<byte[], byte[]> reader, PartitionBlocked cause) {
    var partition = cause.partition();
    if (!aligned) {
      return;
    }
    if (!Long.valueOf(cause.offset()).equals(reportedBlocks.put(partition, cause.offset()))) {
      log.error(
          "Follower {} cannot apply {} from offset {} on, and tries again every {} s: {}",
          name,
          partition,
          cause.offset(),
          BLOCK_INTERVAL.toSeconds(),
          cause.getMessage());
    }
    blocked.put(partition, clock.instant().plus(BLOCK_INTERVAL));
    reader.pause(List.of(partition));
    reader.seek(partition, cause.offset());
  }

  private void unblock(KafkaConsumer<byte[], byte[]> reader, Instant now) {
    blocked
        .entrySet()
        .removeIf(entry -> {
          boolean due = !now.isBefore(entry.getValue());
          if (due) {
            reader.resume(List.of(entry.getKey()));
          }
          return due;
        });
  }

  /** The time of a partition's last record, unless there is none or a clock is ahead. */
  private @Nullable Instant lastTime(List<ConsumerRecord<byte[], byte[]>> records) {
    if (records.isEmpty()) {
      return null;
    }
    Instant time = Instant.ofEpochMilli(Math.max(0, records.getLast().timestamp()));
    return time.isBefore(clock.instant()) ? time : null;
  }

  private boolean move(
      KafkaConsumer<byte[], byte[]> reader,
      List<Move> moves,
      List<ConsumerRecord<byte[], byte[]>> batch) {
    boolean moved = tables.apply(moves, batch);
    if (!moved) {
      log.info(
          "The positions of follower {} are not where it left them: its partitions have moved, or the database was restored. Reading them again",
          name);
      suspend(reader, Duration.ZERO);
    }
    return moved;
  }

  private void signal() {
    lock.lock();
    try {
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Confirms that the positions are where this instance left them, and notes the time at those that
   * are at the end of the log.
   */
  private void check(KafkaConsumer<byte[], byte[]> reader)
      throws InterruptedException, ExecutionException, TimeoutException {
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
    lag = unapplied;
    if (!moves.isEmpty() && !move(reader, moves, List.of())) {
      return;
    }
    var positions = tables.positions();
    asOf =
        ends.partitions().stream()
            .map(positions::get)
            .map(position -> position == null ? Instant.EPOCH : position.asOf())
            .min(Instant::compareTo)
            .orElse(Instant.EPOCH);
    if (!caughtUp) {
      checkCaughtUp(currentEnds);
    }
  }

  private void checkCaughtUp(Map<TopicPartition, Long> currentEnds) {
    if (endsAtStart == null) {
      endsAtStart = currentEnds;
    }
    if (isAt(endsAtStart)) {
      caughtUp = true;
      log.info("Follower {} has applied its topics to the end", name);
    }
  }

  @Override
  public void stop() {
    running = false;
    if (consumer != null && thread != null) {
      consumer.wakeup();
      try {
        thread.join(TimeUnit.SECONDS.toMillis(8));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    ends.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return Phases.FOLLOWERS;
  }

  /** Partitions that were assigned are read only after their positions have been read. */
  private final class Rebalances implements ConsumerRebalanceListener {

    private final KafkaConsumer<byte[], byte[]> reader;

    Rebalances(KafkaConsumer<byte[], byte[]> reader) {
      this.reader = reader;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      // Without a position of its own the consumer would look for a committed one.
      partitions.forEach(partition -> reader.seek(partition, 0));
      suspend(reader, Duration.ZERO);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      partitions.forEach(partition -> {
        next.remove(partition);
        blocked.remove(partition);
        reportedBlocks.remove(partition);
      });
    }
  }
}

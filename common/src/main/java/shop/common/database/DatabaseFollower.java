package shop.common.database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
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
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(8);
  private static final Duration LOG_INTERVAL = Duration.ofSeconds(1);

  private final String name;
  private final Map<String, Object> settings;
  private final List<String> topics;
  private final LogEnds ends;
  private final FollowedTables tables;
  private final DatabaseSchema schema;
  private final Runnable onTruncated;
  private final Clock clock;
  private final Backoff backoff;
  private final Progress progress = new Progress();

  private @Nullable FollowerLoop loop;
  private @Nullable Thread thread;
  private volatile boolean running;

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
  }

  /**
   * True after all records that existed when this instance started have been applied, by whichever
   * instance.
   */
  public boolean caughtUp() {
    return progress.caughtUp();
  }

  /** Waits until all records that existed when this instance started have been applied. */
  public void awaitCaughtUp() throws InterruptedException {
    while (!progress.await(progress::caughtUp, LOG_INTERVAL)) {
      log.debug("Follower {} has not applied its topics to the end yet", name);
    }
  }

  /** The number of records that are in this instance's partitions and have not been applied. */
  public long lag() {
    return progress.lag();
  }

  /**
   * The age of the oldest record that may not have been applied, by whichever instance: all earlier
   * ones have been. Some seconds in normal operation; it grows while Kafka or the database is away.
   */
  public Duration age() {
    return Duration.between(progress.asOf(), clock.instant());
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
    return progress.await(() -> tables.next(partition) > offset, timeout);
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
      return progress.await(
          () -> tables.areAt(current), Duration.between(clock.instant(), deadline));
    } catch (ExecutionException | TimeoutException e) {
      log.debug("Follower {} cannot query the end offsets of its topics", name, e);
      return false;
    }
  }

  @Override
  public void start() {
    loop =
        new FollowerLoop(
            name,
            new KafkaConsumer<>(settings),
            topics,
            ends,
            tables,
            schema,
            progress,
            onTruncated,
            clock,
            backoff);
    running = true;
    thread = Thread.ofPlatform().daemon().name(name).start(loop);
  }

  @Override
  public void stop() {
    running = false;
    if (loop != null && thread != null) {
      loop.stop();
      try {
        thread.join(STOP_TIMEOUT);
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
}

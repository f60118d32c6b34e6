package shop.common.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.common.database.PositionTable.Move;
import shop.common.kafka.Topic;
import shop.local.broker.Brokers;
import shop.local.broker.PostgresServer;
import shop.local.os.Ports;

/** A PostgreSQL of its own, because it is killed; the shared Kafka. */
@Tag("slow")
class DatabaseFollowerTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int PARTITIONS = 2;

  @TempDir private static Path folder;
  private static PostgresServer postgres;
  private static Admin admin;

  private final Topic topic = new Topic("followed-" + UUID.randomUUID(), PARTITIONS, Map.of());
  private final KafkaProducer<byte[], byte[]> producer = producer(Map.of());
  private final List<DatabaseFollower> followers = new ArrayList<>();
  private FollowedTable table;

  @BeforeAll
  static void startServers() {
    postgres = new PostgresServer(folder, Ports.freeBlock(1));
    admin = Admin.create(Map.of("bootstrap.servers", Brokers.kafka()));
  }

  @BeforeEach
  void create() throws Exception {
    postgres.start();
    table = new FollowedTable(postgres.schemas().endpoint("orders"));
    createTopic();
  }

  @AfterEach
  void close() {
    followers.forEach(DatabaseFollower::stop);
    producer.close();
    table.close();
  }

  @AfterAll
  static void stopServers() {
    admin.close();
    postgres.stop();
  }

  @Test
  void everyRecordIsAppliedOnceAlsoIfTheDatabaseIsKilledMeanwhile() throws Exception {
    start();
    var appending =
        CompletableFuture.runAsync(() -> IntStream.range(0, 3000).forEach(i -> append("" + i)));
    await().atMost(TIMEOUT).ignoreExceptions().until(() -> table.count() >= 300);

    postgres.kill();
    postgres.start();

    appending.get();
    awaitApplied(3000);
    assertThat(table.rows()).allMatch(row -> row.times() == 1);
  }

  @Test
  void aFollowerThatStartsWhileTheDatabaseIsAwayWaitsForIt() {
    append("first");
    postgres.stop();
    var follower = start();
    append("second");
    assertThat(follower.caughtUp()).isFalse();

    postgres.start();

    await().atMost(TIMEOUT).until(follower::caughtUp);
    awaitApplied(2);
  }

  @Test
  void theBatchOfAnInstanceThatLostItsPartitionChangesNothing() throws Exception {
    table.schema().ensureMigrated();
    var partition = new TopicPartition(topic.name(), 0);
    var moves = List.of(new Move(partition, 0, 1, null));
    var batch = List.of(new ConsumerRecord<byte[], byte[]>(topic.name(), 0, 0, null, bytes("x")));
    var applying = new CountDownLatch(1);
    var mayCommit = new CountDownLatch(1);
    var first =
        tables(
            new ReadModel() {
              @Override
              public void apply(List<ConsumerRecord<byte[], byte[]>> records) {
                table.apply(records);
                applying.countDown();
                awaitLatch(mayCommit);
              }

              @Override
              public void truncate() {}
            });
    first.begin(Map.of(partition, 0L), _ -> false);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var committed = threads.submit(() -> first.apply(moves, batch));
      applying.await();
      var refused = threads.submit(() -> tables(table).apply(moves, batch));
      try {
        await().atMost(TIMEOUT).until(this::waitsForALock);
      } finally {
        mayCommit.countDown();
      }

      assertThat(committed.get()).isTrue();
      assertThat(refused.get()).isFalse();
    }
    assertThat(table.rows()).containsExactly(new FollowedTable.Row(0, 0, "x", 1));
  }

  @Test
  void instancesShareThePartitionsAndTakeThemOver() {
    var first = start();
    start();
    IntStream.range(0, 500).forEach(i -> append("before " + i));
    awaitApplied(500);

    first.stop();
    IntStream.range(0, 500).forEach(i -> append("after " + i));

    awaitApplied(1000);
    assertThat(table.rows()).allMatch(row -> row.times() == 1);
  }

  @Test
  void aDatabaseThatWasRestoredFromAnOlderCopyCatchesUpToTheSameRows() {
    start();
    IntStream.range(0, 50).forEach(i -> append("" + i));
    awaitApplied(50);
    execute("CREATE TABLE rows_copy AS TABLE followed");
    execute("CREATE TABLE positions_copy AS TABLE positions");
    IntStream.range(50, 100).forEach(i -> append("" + i));
    awaitApplied(100);
    var before = table.rows();

    table.transaction.executeWithoutResult(_ -> {
      execute("LOCK TABLE positions");
      execute("DELETE FROM followed");
      execute("INSERT INTO followed TABLE rows_copy");
      execute("DELETE FROM positions");
      execute("INSERT INTO positions TABLE positions_copy");
      execute("DROP TABLE rows_copy, positions_copy");
    });

    assertThat(table.count()).isEqualTo(50);
    awaitApplied(100);
    assertThat(table.rows()).isEqualTo(before);
  }

  @Test
  void aDatabaseThatWasReplacedByAnEmptyOneIsFilledFromTheLog() {
    start();
    IntStream.range(0, 20).forEach(i -> append("" + i));
    awaitApplied(20);
    var before = table.rows();

    execute("DROP TABLE followed, positions, flyway_schema_history");

    awaitApplied(20);
    assertThat(table.rows()).isEqualTo(before);
  }

  @Test
  void aWipedLogEmptiesTheTablesWhichAreFilledFromTheNewOne() throws Exception {
    var follower = start();
    IntStream.range(0, 20).forEach(i -> append("old " + i));
    awaitApplied(20);
    follower.stop();

    admin.deleteTopics(List.of(topic.name())).all().get();
    await().atMost(TIMEOUT).until(() -> !admin.listTopics().names().get().contains(topic.name()));
    createTopic();
    try (var other = producer(Map.of())) {
      other.send(new ProducerRecord<>(topic.name(), 1, null, bytes("new"))).get();
    }
    start();

    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(table.rows()).containsExactly(new FollowedTable.Row(1, 0, "new", 1)));
    assertThat(truncations()).isOne();
  }

  @Test
  void recordsThatWereDeletedBeforeTheyWereAppliedEmptyTheTables() throws Exception {
    var follower = start();
    append("applied");
    awaitApplied(1);
    follower.stop();
    appendTo(0, "deleted");
    appendTo(0, "deleted");
    appendTo(0, "kept");

    long end =
        admin
            .listOffsets(Map.of(partition(0), OffsetSpec.latest()))
            .all()
            .get()
            .get(partition(0))
            .offset();
    admin.deleteRecords(Map.of(partition(0), RecordsToDelete.beforeOffset(end - 1))).all().get();
    start();

    await()
        .atMost(TIMEOUT)
        .until(() -> table.rows().stream().anyMatch(row -> row.value().equals("kept")));
    assertThat(table.rows()).noneMatch(row -> row.value().equals("deleted"));
    assertThat(truncations()).isOne();
  }

  @Test
  void theEndIsReachedBehindTheMarkersOfTransactions() throws Exception {
    var follower = start();
    try (var transactional = producer(Map.of("transactional.id", topic.name()))) {
      transactional.initTransactions();
      transactional.beginTransaction();
      var _ = transactional.send(new ProducerRecord<>(topic.name(), 0, null, bytes("committed")));
      transactional.commitTransaction();
      transactional.beginTransaction();
      transactional.send(new ProducerRecord<>(topic.name(), 1, null, bytes("aborted"))).get();
      transactional.abortTransaction();
    }

    await().atMost(TIMEOUT).until(follower::caughtUp);
    assertThat(follower.awaitCurrentEnd(TIMEOUT)).isTrue();

    assertThat(table.rows()).containsExactly(new FollowedTable.Row(0, 0, "committed", 1));
    await().atMost(TIMEOUT).until(() -> follower.lag() == 0 && follower.age().toSeconds() < 10);
  }

  private DatabaseFollower start() {
    var follower = table.follower(topic);
    followers.add(follower);
    follower.start();
    return follower;
  }

  private FollowedTables tables(ReadModel model) {
    return new FollowedTables(List.of(topic.name()), model, table.jdbc, table.transaction);
  }

  private void awaitApplied(int count) {
    await().atMost(TIMEOUT).ignoreExceptions().until(() -> table.count() == count);
  }

  private double truncations() {
    return table.registry.get("database_follower_truncations").counter().count();
  }

  private boolean waitsForALock() {
    return table
            .jdbc
            .sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            .query(Long.class)
            .single()
        > 0;
  }

  private void execute(String sql) {
    table.jdbc.sql(sql).update();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void createTopic() throws Exception {
    admin.createTopics(List.of(new NewTopic(topic.name(), PARTITIONS, (short) 1))).all().get();
  }

  private TopicPartition partition(int number) {
    return new TopicPartition(topic.name(), number);
  }

  private void append(String value) {
    appendTo(Math.floorMod(value.hashCode(), PARTITIONS), value);
  }

  private void appendTo(int partition, String value) {
    var _ = producer.send(new ProducerRecord<>(topic.name(), partition, null, bytes(value)));
    producer.flush();
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
    var all = new HashMap<>(settings);
    all.put("bootstrap.servers", Brokers.kafka());
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}

package shop.operations.desk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.deadletter.RedriveOutcome;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.local.broker.Brokers;
import shop.operations.Action.RetryRequested;
import shop.operations.State;
import shop.operations.TestLog;

/** Writes records into a schema that no other test of this module uses. */
@Tag("slow")
class DeskTablesTest {

  private static final UUID JOB = new UUID(7, 7);
  private static final UUID ADMIN = new UUID(1, 1);

  private SingleConnectionDataSource connection;
  private DeskTables tables;
  private JdbcClient jdbc;
  private Desk desk;
  private final Map<String, Long> ends = new HashMap<>();

  @BeforeEach
  void migrate() {
    var database = Brokers.database().endpoint("accounts");
    connection =
        new SingleConnectionDataSource(database.url(), database.user(), database.password(), true);
    Flyway.configure().dataSource(connection).locations("classpath:db/migration").load().migrate();
    var template = new JdbcTemplate(connection);
    tables = new DeskTables(template);
    jdbc = JdbcClient.create(template);
    desk = new Desk(template);
    tables.truncate();
  }

  @AfterEach
  void close() {
    tables.truncate();
    connection.destroy();
  }

  @Test
  void everyInterleavingOfTheTopicsInAnyBatchesLeadsToTheSameTables() {
    List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
    List<ConsumerRecord<byte[], byte[]>> actions = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      var letter = TestLog.letter("payment-service");
      letters.add(read(letter.toRecord()));
      letters.add(read(letter.toRecord()));
      actions.add(read(retry(letter.id(), 1, 1)));
      actions.add(read(retry(letter.id(), 1, 1)));
      if (i % 2 == 0) {
        actions.add(read(failedAgain(letter, 1)));
        actions.add(read(retry(letter.id(), 3, 2)));
        actions.add(read(RedriveOutcome.resolved(redrive(letter, 2), "x", at()).toRecord()));
      }
    }
    letters.add(read(new ProducerRecord<>("dead-letters", null, bytes("no dead letter"))));
    actions.add(read(started()));
    applyAll(letters, actions, new Random(0));
    var expected = TableContents.of(jdbc);
    assertThat(expected.get("actions")).hasSize(5 * 2 + 3 * 3 + 1);

    for (int seed = 1; seed <= 20; seed++) {
      tables.truncate();
      applyAll(letters, actions, new Random(seed));

      assertThat(TableContents.of(jdbc)).as("seed %d", seed).isEqualTo(expected);
    }
    var bulkRetry = desk.bulkRetries().find(JOB).orElseThrow();
    assertThat(bulkRetry.progress().sent()).isEqualTo(5 + 3);
    assertThat(bulkRetry.progress().failed()).isEqualTo(3);
    assertThat(bulkRetry.progress().resolved()).isEqualTo(3);
  }

  @Test
  void recordsThatPostgresCannotStoreAreStoredAsDeadLettersOfTheDesk() {
    var cause = new Cause("a\0b", "c\0d", "e\0f", 1);
    var poison =
        new DeadLetter(
            "payment-service",
            "g",
            "t",
            0,
            "1",
            at(),
            cause,
            bytes("k\0"),
            bytes("v\0"),
            new RecordHeaders());
    var longId = TestLog.letter("x".repeat(600));
    var nul = TestLog.letter("a\0b");

    tables.apply(
        List.of(
            read(poison.toRecord()),
            read(longId.toRecord()),
            read(nul.toRecord()),
            read(retry("x".repeat(5000), 1, 1)),
            read(retry("a\0b", 1, 1))));

    assertThat(desk.find(poison.id()).orElseThrow().cause().message()).isEqualTo("c\ufffdd");
    assertThat(desk.find("operations-service:dead-letters:0:1")).isPresent();
    assertThat(desk.find("operations-service:dead-letters:0:2")).isPresent();
    assertThat(TableContents.of(jdbc).get("actions")).isEmpty();
  }

  @Test
  void anActionIsKnownBeforeItsDeadLetter() {
    var letter = TestLog.letter("payment-service");

    tables.apply(List.of(read(retry(letter.id(), 1, 1))));

    assertThat(desk.find(letter.id())).isEmpty();
    assertThat(desk.historyOf(letter.id()).state()).isEqualTo(State.RETRY_PENDING);
  }

  /** Applies both topics, each in its order, in random batches. */
  private void applyAll(
      List<ConsumerRecord<byte[], byte[]>> letters,
      List<ConsumerRecord<byte[], byte[]>> actions,
      Random random) {
    int letter = 0;
    int action = 0;
    while (letter < letters.size() || action < actions.size()) {
      List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
      for (int size = 1 + random.nextInt(8); size > 0; size--) {
        if (letter < letters.size() && (action == actions.size() || random.nextBoolean())) {
          batch.add(letters.get(letter++));
        } else if (action < actions.size()) {
          batch.add(actions.get(action++));
        }
      }
      tables.apply(batch);
    }
  }

  private static ProducerRecord<byte[], byte[]> retry(String entry, int version, int attempt) {
    return Envelope.of(RetryRequested.TYPE, "operations-service", entry, at())
        .record(
            Topics.DEAD_LETTER_ACTIONS.name(),
            new RetryRequested(version, attempt, ADMIN, "a reason", JOB));
  }

  private static ProducerRecord<byte[], byte[]> started() {
    return Envelope.of(Actions.BULK_STARTED, "operations-service", JOB.toString(), at())
        .record(
            Topics.DEAD_LETTER_ACTIONS.name(),
            Map.of(
                "by",
                ADMIN,
                "filter",
                Map.of("topic", "t"),
                "ratePerSecond",
                5,
                "matched",
                8,
                "skipped",
                0));
  }

  private static ProducerRecord<byte[], byte[]> failedAgain(DeadLetter letter, int attempt) {
    var redriven = letter.redriven(attempt);
    return new DeadLetter(
            letter.service(),
            letter.group(),
            redriven.topic(),
            0,
            "1",
            at(),
            new Cause("Again", "still", "a.b:2", 1),
            redriven.key(),
            redriven.value(),
            redriven.headers())
        .toRecord();
  }

  private static Redrive redrive(DeadLetter letter, int attempt) {
    return Redrive.of(letter.redriven(attempt).headers()).orElseThrow();
  }

  private ConsumerRecord<byte[], byte[]> read(ProducerRecord<byte[], byte[]> written) {
    long offset = ends.merge(written.topic(), 1L, Long::sum) - 1;
    return new ConsumerRecord<>(
        written.topic(),
        0,
        offset,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        written.key(),
        written.value(),
        written.headers(),
        Optional.empty());
  }

  private static Instant at() {
    return Instant.parse("2026-01-01T00:00:00Z");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}

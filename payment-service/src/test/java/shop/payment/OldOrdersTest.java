package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import shop.common.database.DatabaseFollower;
import shop.common.kafka.Topics;
import shop.common.testkit.TestTokens;
import shop.local.broker.DatabaseEndpoint;
import shop.local.broker.PostgresServer;
import shop.local.os.Ports;

/**
 * Orders that are older than the service's memory, with a PostgreSQL of its own, because it is
 * stopped and restored. The PSP's idempotency keys expire at once, as they do after a day: it would
 * charge an order again whose intent the service does not know.
 */
@Tag("slow")
class OldOrdersTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String STARTED = "shop.payment.started.v1";
  private static final String CAPTURED = "shop.payment.captured.v1";
  private static final String REFUNDED = "shop.payment.refunded.v1";
  private static final Queue<PaymentTask.Pay> ORDERS = new ArrayDeque<>();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final List<String> TABLES =
      List.of("payments", "refunds", "postings", "turnovers");

  @TempDir private static Path folder;
  private static PostgresServer postgres;
  private static DatabaseEndpoint database;
  private static JdbcClient jdbc;
  private static Sandbox sandbox;

  @BeforeAll
  static void startServers() throws Exception {
    postgres = new PostgresServer(folder, Ports.freeBlock(1));
    postgres.start();
    database = postgres.schemas().endpoint("payments");
    jdbc =
        JdbcClient.create(
            new DriverManagerDataSource(database.url(), database.user(), database.password()));
    sandbox = Sandbox.withExpiringKeys();
    try (var service = RunningService.at(sandbox, settings())) {
      ORDERS.addAll(Stream.generate(() -> Kafka.place("pm_card_visa")).limit(4).toList());
      ORDERS.forEach(order -> Kafka.awaitTypes(order, STARTED, CAPTURED));
      awaitArchived(service);
    }
  }

  @BeforeEach
  void runDatabase() {
    postgres.start();
  }

  @AfterAll
  static void stopServers() {
    sandbox.close();
    postgres.stop();
  }

  @Test
  void anOldOrderIsRefundedAfterAStartThatReadsOnlyWhatIsRecent() throws Exception {
    var order = paidBeforeTheStart();

    try (var service = withoutMemory()) {
      assertThat(held(service)).isZero();
      assertThat(service.bean(Payments.class).find(order.orderId()))
          .map(Payment::status)
          .hasValue(PaymentStatus.CAPTURED);

      Kafka.send(Kafka.refundRequested(order, UUID.randomUUID(), 580));

      Kafka.last(order, REFUNDED, Object.class);
      assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 580");
      assertThat(held(service)).isEqualTo(2);
    }
  }

  @Test
  void whileTheDatabaseIsAwayOldOrdersWaitAndNewOnesArePaid() throws Exception {
    var old = paidBeforeTheStart();

    try (var service = withoutMemory("--shop.payment.max-attempts=1")) {
      await().atMost(TIMEOUT).until(() -> isReady(service));
      postgres.stop();
      var cancel = Kafka.send(Kafka.cancelRequested(old));
      var redelivered = Kafka.send(Kafka.placed(old, anHourAgo()));
      await().atMost(TIMEOUT).until(() -> waits(service) >= 4);

      var young = Kafka.newOrder("pm_card_visa");
      Kafka.send(Kafka.placed(young, Instant.now().plusSeconds(10)));

      Kafka.awaitTypes(young, STARTED, CAPTURED);
      assertThat(isReady(service)).isTrue();
      for (var path : List.of("/payments/" + old.orderId(), "/admin/payments/ledger")) {
        var response = get(service, path);
        assertThat(response.statusCode()).as(path).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).as(path).isPresent();
      }
      assertThat(Kafka.types(old)).containsExactly(STARTED, CAPTURED);

      postgres.start();

      Kafka.last(old, REFUNDED, Object.class);
      assertThat(sandbox.moves(old.orderId())).containsExactly("charge 2580", "refund 2580");
      assertThat(sandbox.ledger(young.orderId())).hasSize(1);
      assertThat(Kafka.deadLetters(cancel)).isEmpty();
      assertThat(Kafka.deadLetters(redelivered)).isEmpty();
    }
  }

  @Test
  void aDatabaseThatWasRestoredFromAnOlderCopyIsNotAskedUntilItHasCaughtUp() throws Exception {
    var order = paidBeforeTheStart();

    try (var service = withoutMemory()) {
      await().atMost(TIMEOUT).until(() -> isReady(service));
      var follower = service.bean(DatabaseFollower.class);
      follower.stop();
      restoreTheCopyOfTheFirstDay();

      Kafka.send(Kafka.placed(order, anHourAgo()));
      await().atMost(TIMEOUT).until(() -> waits(service) >= 2);
      assertThat(Kafka.types(order)).containsExactly(STARTED, CAPTURED);
      follower.start();

      await().atMost(TIMEOUT).until(() -> lastRetryIsFinished(order));
      assertThat(sandbox.ledger(order.orderId())).hasSize(1);
      assertThat(Kafka.types(order)).containsExactly(STARTED, CAPTURED);
    }
  }

  @Test
  void aWipedDatabaseIsFilledWithTheSameRows() throws Exception {
    var order = paidBeforeTheStart();
    try (var service = withoutMemory()) {
      Kafka.send(Kafka.cancelRequested(order));
      Kafka.last(order, REFUNDED, Object.class);
      awaitArchived(service);
      var before = contents();
      assertThat(before).anyMatch(row -> row.startsWith("postings"));

      emptyTables();
      jdbc.sql("DELETE FROM positions").update();

      await().atMost(TIMEOUT).until(() -> contents().equals(before));
    }
  }

  /** An order that an earlier instance has charged. */
  private static PaymentTask.Pay paidBeforeTheStart() {
    return ORDERS.remove();
  }

  /** An instance whose memory begins at the end of the log. */
  private static RunningService withoutMemory(String... more) {
    List<String> settings = new ArrayList<>(List.of(settings()));
    settings.add("--shop.payment.recent.horizon=0s");
    settings.add("--shop.payment.recent.clock-margin=6s");
    settings.addAll(List.of(more));
    return RunningService.at(sandbox, settings.toArray(String[]::new));
  }

  private static String[] settings() {
    return new String[] {
      "--spring.datasource.url=" + database.url(),
      "--spring.datasource.username=" + database.user(),
      "--spring.datasource.password=" + database.password()
    };
  }

  private static Instant anHourAgo() {
    return Instant.now().minus(Duration.ofHours(1));
  }

  private static void awaitArchived(RunningService service) throws InterruptedException {
    assertThat(service.bean(DatabaseFollower.class).awaitCurrentEnd(TIMEOUT)).isTrue();
  }

  private static double held(RunningService service) {
    return service.bean(MeterRegistry.class).get("payments.held").gauge().value();
  }

  private static double waits(RunningService service) {
    return service.bean(MeterRegistry.class).counter("payments.history.waits").count();
  }

  private static boolean lastRetryIsFinished(PaymentTask.Pay order) {
    var last =
        Kafka.read(Topics.PAYMENT_RETRIES.name())
            .filter(record -> Kafka.text(record.key()).equals(order.orderId().toString()))
            .reduce((_, record) -> record)
            .orElseThrow();
    var partition = new TopicPartition(last.topic(), last.partition());
    return Kafka.committed(new RecordMetadata(partition, last.offset(), 0, 0, 0, 0))
        > last.offset();
  }

  private static void restoreTheCopyOfTheFirstDay() {
    jdbc.sql("UPDATE positions SET next = 0").update();
    emptyTables();
  }

  /** The service goes on reading: TRUNCATE could end in a deadlock with its queries. */
  private static void emptyTables() {
    TABLES.forEach(table -> jdbc.sql("DELETE FROM " + table).update());
  }

  private static List<String> contents() {
    List<String> all = new ArrayList<>();
    for (var table : TABLES) {
      all.addAll(
          jdbc.sql("SELECT '%1$s ' || t::text FROM %1$s t ORDER BY 1".formatted(table))
              .query(String.class)
              .list());
    }
    return all;
  }

  private static boolean isReady(RunningService service) throws Exception {
    return get(service, "/readyz").statusCode() == 200;
  }

  private static HttpResponse<String> get(RunningService service, String path) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(service.url(path)))
            .header("Authorization", "Bearer " + TestTokens.admin(UUID.randomUUID()))
            .build(),
        BodyHandlers.ofString());
  }
}

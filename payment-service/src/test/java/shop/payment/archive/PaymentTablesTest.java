package shop.payment.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import shop.common.money.Money;
import shop.local.broker.Brokers;
import shop.payment.LoggedEvent;
import shop.payment.Payment;
import shop.payment.PaymentEvent;
import shop.payment.books.JournalEntry.Account;
import shop.payment.books.Ledger;
import shop.payment.books.Period;
import shop.payment.books.Posting;

/** The tables in a real PostgreSQL, without Kafka: batches of events, in any division. */
@Tag("slow")
class PaymentTablesTest {

  private static final Instant AT = Instant.parse("2026-06-01T12:00:00.123456Z");
  private static final UUID CUSTOMER = UUID.randomUUID();

  private static SingleConnectionDataSource dataSource;

  private final JdbcClient jdbc = JdbcClient.create(dataSource);
  private final PaymentRows rows = new PaymentRows(jdbc);
  private final PostingTable postings = new PostingTable(jdbc);
  private final PaymentTables tables = new PaymentTables(jdbc, rows, postings);
  private final BooksTables books = new BooksTables(jdbc, rows, postings, null);
  private final StoredPayments stored =
      new StoredPayments(jdbc, rows, new JdbcTransactionManager(dataSource), Clock.systemUTC());

  @BeforeAll
  static void migrate() {
    var endpoint = Brokers.database().endpoint("payments");
    dataSource =
        new SingleConnectionDataSource(endpoint.url(), endpoint.user(), endpoint.password(), true);
    Flyway.configure()
        .dataSource(dataSource)
        .locations("classpath:db/common", "classpath:db/migration")
        .load()
        .migrate();
  }

  @AfterAll
  static void disconnect() {
    dataSource.destroy();
  }

  @BeforeEach
  @AfterEach
  void empty() {
    tables.truncate();
  }

  @Test
  void tablesHaveTheSamePaymentsAsTheFoldOfTheLogHoweverItIsDivided() {
    var random = new Random(7);
    var events = generated(random, 600);
    Map<UUID, Payment> folded = new HashMap<>();
    events.forEach(event -> folded.compute(event.orderId(), (_, before) -> event.applyTo(before)));

    applyInBatches(events, random);

    assertThat(folded.values()).filteredOn(payment -> payment != null).hasSizeGreaterThan(20);
    assertThat(books.payments(folded.keySet())).isEqualTo(folded);
  }

  @Test
  void anotherDivisionIntoBatchesGivesTheSameRows() {
    var events = generated(new Random(8), 600);
    applyInBatches(events, new Random(1));
    var before = contents();

    tables.truncate();
    applyInBatches(events, new Random(2));

    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void eventsThatAreAppliedAgainAreBookedOnce() {
    var events = generated(new Random(9), 300);
    tables.apply(events);
    var before = contents();

    tables.apply(events);

    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void balancesAreTheSumOfAllPostingsAndSumToZero() {
    var events = generated(new Random(10), 600);
    Map<UUID, Payment> folded = new HashMap<>();
    events.forEach(event -> folded.compute(event.orderId(), (_, before) -> event.applyTo(before)));

    applyInBatches(events, new Random(3));

    var expected =
        Ledger.balances(
            folded.values().stream()
                .flatMap(payment -> Ledger.postings(payment).stream())
                .map(Posting::turnover));
    var balances = books.balances();
    assertThat(balances.get("EUR").get(Account.PROVIDER)).isPositive();
    balances
        .values()
        .forEach(accounts ->
            assertThat(accounts.values().stream().mapToLong(Long::longValue).sum()).isZero());
    expected.forEach((currency, accounts) ->
        accounts.forEach((account, amount) ->
            assertThat(balances.get(currency).getOrDefault(account, 0L)).isEqualTo(amount)));
  }

  @Test
  void theDatabaseRefusesAPostingThatDoesNotBalanceOrIsRepeated() {
    String insert =
        """
        INSERT INTO postings (order_id, subject, fact, debit, credit, amount, currency, at)
        VALUES ('7d0e6f0c-5f1b-5c3a-9a55-0d6a3c1c9b10', '7d0e6f0c-5f1b-5c3a-9a55-0d6a3c1c9b10', 'charged', %s, 'EUR', now())
        """;
    var oneAccount = jdbc.sql(insert.formatted("'PROVIDER', 'PROVIDER', 1"));
    var oneSide = jdbc.sql(insert.formatted("'PROVIDER', NULL, 1"));
    var balanced = jdbc.sql(insert.formatted("'PROVIDER', 'CUSTOMERS', 1"));

    assertThatThrownBy(oneAccount::update).isInstanceOf(DataIntegrityViolationException.class);
    assertThatThrownBy(oneSide::update).isInstanceOf(DataIntegrityViolationException.class);
    assertThat(balanced.update()).isOne();
    assertThatThrownBy(balanced::update).isInstanceOf(DataIntegrityViolationException.class);
  }

  @Test
  void periodsAreReadPageByPageWithoutGapOrRepetition() {
    List<LoggedEvent> events = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      var id = UUID.randomUUID();
      var amount = new Money(i + 1, "EUR");
      // Several have the same time.
      events.add(
          logged(
              id, events.size(), new PaymentEvent.Started(CUSTOMER, "pi_" + i, 1, amount), i / 7));
      events.add(
          logged(id, events.size(), new PaymentEvent.Captured(CUSTOMER, "pi_" + i, amount), i / 7));
    }
    tables.apply(events);

    var all = books.charges(new Period(null, Instant.MAX)).toList();
    var some = books.charges(new Period(AT.plusSeconds(1), AT.plusSeconds(3))).toList();

    assertThat(all).hasSize(2500).doesNotHaveDuplicates();
    assertThat(some).hasSize(14);
    assertThat(books.oldestIntent()).hasValue(AT);
  }

  @Test
  void aPaymentIsReadTogetherWithThePositionUpToWhichItIsKnown() {
    var id = UUID.randomUUID();
    tables.apply(
        List.of(
            logged(id, 0, new PaymentEvent.Started(CUSTOMER, "pi_1", 1, new Money(5, "EUR")), 0)));
    jdbc.sql("DELETE FROM positions").update();
    jdbc.sql("INSERT INTO positions VALUES ('payments', 3, 42, now())").update();
    try {
      assertThat(stored.find(id, 3).next()).isEqualTo(42);
      assertThat(stored.find(id, 3).payment()).isEqualTo(books.payments(List.of(id)).get(id));
      assertThat(stored.find(UUID.randomUUID(), 3).payment()).isNull();
      assertThat(stored.find(id, 4).next()).isZero();
      assertThat(stored.positions()).containsExactly(Map.entry(3, 42L));
    } finally {
      jdbc.sql("DELETE FROM positions").update();
    }
  }

  private void applyInBatches(List<LoggedEvent> events, Random random) {
    int from = 0;
    while (from < events.size()) {
      int to = Math.min(events.size(), from + 1 + random.nextInt(60));
      tables.apply(events.subList(from, to));
      from = to;
    }
  }

  private List<String> contents() {
    List<String> all = new ArrayList<>();
    for (var table : List.of("payments", "refunds", "postings", "turnovers")) {
      all.addAll(
          jdbc.sql("SELECT '%1$s ' || t::text FROM %1$s t ORDER BY 1".formatted(table))
              .query(String.class)
              .list());
    }
    return all;
  }

  /** Events of some orders in random order, also such as change nothing. */
  private static List<LoggedEvent> generated(Random random, int count) {
    var orders = random.ints(40).mapToObj(i -> new UUID(random.nextLong(), i)).toList();
    List<LoggedEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var order = orders.get(random.nextInt(orders.size()));
      events.add(logged(order, i, event(random), i));
    }
    return events;
  }

  private static LoggedEvent logged(UUID order, long offset, PaymentEvent event, long second) {
    return new LoggedEvent(order, 0, offset, AT, event, AT.plusSeconds(second));
  }

  private static PaymentEvent event(Random random) {
    var amount = new Money(100, "EUR");
    var part = new Money(30, "EUR");
    var refund = new UUID(1, random.nextInt(5));
    String psp = "re_" + refund.getLeastSignificantBits();
    return switch (random.nextInt(10)) {
      case 0, 1 -> new PaymentEvent.Started(CUSTOMER, "pi_1", 1, amount);
      case 2, 3 -> new PaymentEvent.Captured(CUSTOMER, "pi_1", amount);
      case 4 -> new PaymentEvent.Declined(CUSTOMER, "pi_2", amount, "no\0");
      case 5 -> new PaymentEvent.Voided(CUSTOMER, null);
      case 6 -> new PaymentEvent.RefundStarted(CUSTOMER, "pi_1", refund, 1, part);
      case 7 -> new PaymentEvent.Refunded(CUSTOMER, "pi_1", refund, psp, part);
      case 8 -> new PaymentEvent.RefundFailed(CUSTOMER, "pi_1", refund, part, "closed");
      default -> new PaymentEvent.RefundFailedLater(CUSTOMER, "pi_1", refund, psp, part, "late");
    };
  }
}

package shop.order.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.springframework.jdbc.core.simple.JdbcClient;
import shop.order.store.GeneratedLog;
import shop.order.store.GeneratedLog.LogRecord;

/** The rows in a real PostgreSQL do not depend on how the log is cut into batches. */
@Tag("slow")
class OrderTablesTest {

  private static @Nullable ArchiveDatabase database;

  @BeforeContainer
  static void start() {
    database = new ArchiveDatabase();
  }

  @AfterContainer
  static void stop() {
    database().close();
  }

  private static ArchiveDatabase database() {
    return requireNonNull(database);
  }

  private static JdbcClient jdbc() {
    return database().jdbc;
  }

  @BeforeTry
  void empty() {
    database().empty();
  }

  @Property(tries = 100)
  void anyCutIntoBatchesGivesTheSameRows(@ForAll Random random) {
    var generated = GeneratedLog.random(random, 1 + random.nextInt(6));
    var oneByOne = rowsAfter(generated, _ -> true);

    assertRowsMatch(generated);
    assertThat(rowsAfter(generated, _ -> false)).isEqualTo(oneByOne);
    assertThat(rowsAfter(generated, _ -> random.nextInt(3) == 0)).isEqualTo(oneByOne);
  }

  @Example
  void eventsThatAreStoredAreLeftOut() {
    var records = GeneratedLog.ofOneOrder(new Random(5), 1, 5);
    apply(records);
    var whole = rows();

    apply(records);
    apply(records.subList(2, 4));
    assertThat(rows()).isEqualTo(whole);

    empty();
    apply(records.subList(0, 4));
    apply(records.subList(1, 7));
    assertThat(rows()).isEqualTo(whole);
  }

  @Example
  void changeThatDoesNotFollowWhatIsStoredIsRefused() {
    var records = GeneratedLog.ofOneOrder(new Random(2), 1, 5);
    var other = GeneratedLog.ofOneOrder(new Random(3), 2, 0);
    apply(records.subList(0, 1));

    assertThatThrownBy(() -> apply(List.of(other.getFirst(), records.get(2))))
        .isInstanceOf(OrderTables.MissingEvent.class);
    assertThatThrownBy(() -> apply(List.of(records.get(1), records.get(3))))
        .isInstanceOf(OrderTables.MissingEvent.class);
    apply(List.of(records.get(1), records.get(2)));
  }

  private static void assertRowsMatch(GeneratedLog generated) {
    for (var history : generated.orders()) {
      var order = history.placed().order();
      var row =
          jdbc()
              .sql("SELECT *, created_at::text AS created FROM orders WHERE id = ?::uuid")
              .param(history.placed().id().toString())
              .query()
              .singleRow();
      assertThat(row)
          .containsEntry("status", history.status().name())
          .containsEntry("version", history.isPlaced() ? 1L + history.events().size() : 0L)
          .containsEntry("fingerprint", order.order().fingerprint())
          .containsEntry("total", order.order().total().amount());
      assertThat(row.get("command"))
          .isEqualTo(history.isPlaced() ? new String(order.json(), UTF_8) : null);
      assertThat(row.get("withheld") == null).isEqualTo(history.isPlaced());
      assertThat(
              jdbc()
                  .sql("SELECT sequence FROM timeline WHERE order_id = ?::uuid ORDER BY 1")
                  .param(history.placed().id().toString())
                  .query(Long.class)
                  .list())
          .hasSize(history.isPlaced() ? 1 + history.events().size() : 0);
    }
    for (var sku : GeneratedLog.SKUS) {
      long taken =
          generated.orders().stream()
              .mapToLong(history -> history.pieces().getOrDefault(sku, 0))
              .sum();
      long added = number("SELECT 7 * count(*) FROM adjustments WHERE sku = '" + sku + "'");
      assertThat(number("SELECT coalesce(sum(pieces), 0) FROM stock WHERE sku = '" + sku + "'"))
          .isEqualTo(added - taken);
    }
  }

  private static long number(String query) {
    return jdbc().sql(query).query(Long.class).single();
  }

  private Map<String, List<String>> rowsAfter(GeneratedLog generated, IntPredicate cut) {
    empty();
    int begin = 0;
    for (int end = 1; end <= generated.records().size(); end++) {
      if (end == generated.records().size() || cut.test(end)) {
        apply(generated.records().subList(begin, end));
        begin = end;
      }
    }
    return rows();
  }

  private static void apply(List<LogRecord> records) {
    database().apply(records);
  }

  /** All rows as text. */
  private static Map<String, List<String>> rows() {
    return Map.of(
        "orders", rows("orders"),
        "timeline", rows("timeline"),
        "items", rows("order_items"),
        "names", rows("product_names"),
        "tracking numbers", rows("tracking_numbers"),
        "holds", rows("holds"),
        "adjustments", rows("adjustments"),
        "stock", rows("stock", "pieces <> 0"));
  }

  private static List<String> rows(String table) {
    return rows(table, "true");
  }

  private static List<String> rows(String table, String condition) {
    return jdbc()
        .sql("SELECT row::text FROM %s AS row WHERE %s ORDER BY 1".formatted(table, condition))
        .query(String.class)
        .list();
  }
}

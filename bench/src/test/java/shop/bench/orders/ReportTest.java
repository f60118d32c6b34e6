package shop.bench.orders;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import shop.bench.orders.OrderLog.ObservedOrder;
import shop.bench.orders.Run.OrderStatistics;

class ReportTest {

  private static final Map<String, Long> MEMORY = Map.of("order-service", 300L, "redis", 12L);

  @Test
  void statisticsCountTheEventsOfEachOrder() {
    var statistics =
        OrderStatistics.of(
            List.of(
                new ObservedOrder(1, 1, 30, 100),
                new ObservedOrder(1, 0, 50, 0),
                new ObservedOrder(2, 1, 40, 300),
                ObservedOrder.NONE),
            1.5);

    assertThat(statistics.orders()).isEqualTo(4);
    assertThat(statistics.inLog()).isEqualTo(3);
    assertThat(statistics.settled()).isEqualTo(2);
    assertThat(statistics.exactlyOnce()).isEqualTo(1);
    assertThat(statistics.settledShare()).isEqualTo(0.5);
    assertThat(statistics.millisToPlaced()).containsExactly(30, 40, 50);
    assertThat(OrderStatistics.percentile(statistics.millisToSettled(), 0.5)).isEqualTo(100);
    assertThat(OrderStatistics.percentile(statistics.millisToSettled(), 0.99)).isEqualTo(300);
  }

  @Test
  void tableShowsMediansAndTheShareOfTheBaseline() {
    var text = new ByteArrayOutputStream();
    Table.print(runs(), MEMORY, new PrintStream(text, true, UTF_8));

    assertThat(text.toString(UTF_8).lines())
        .anySatisfy(line ->
            assertThat(line.split(" {2,}"))
                .containsSequence("one order-service", "closed, 64", "300", "8.0", "20.0", "30.0"))
        .anySatisfy(line -> assertThat(line).contains("platform", "100.00 %", "1.50"))
        .anySatisfy(line ->
            assertThat(line)
                .isEqualTo(
                    "One order-service accepts 50 % of the baseline endpoint's orders/s (median of the pairs of runs: 25, 50, 90 %)."))
        .anySatisfy(line -> assertThat(line).matches(" +total +312"));
  }

  @Test
  void everyLostOrderLowersTheSettledShare() {
    var text = new ByteArrayOutputStream();
    var lost =
        run(
            "platform",
            "open, 10/s",
            10,
            List.of(new ObservedOrder(1, 1, 1, 1), ObservedOrder.NONE));
    Table.print(List.of(lost), MEMORY, new PrintStream(text, true, UTF_8));

    assertThat(text.toString(UTF_8)).contains("50.00 %");
  }

  @Test
  void reportIsSelfContained() throws Exception {
    var file = Files.createDirectories(Path.of("target/report")).resolve("orders.html");
    var perSecond = Map.of(1000L, 100, 1001L, 300, 1002L, 280, 1020L, 20);
    Report.write(file, runs(), MEMORY, perSecond, Map.of(1001L, 200, 1002L, 310, 1020L, 190));

    String html = Files.readString(file);
    assertThat(html).containsSubsequence("<svg", "<svg", "<svg", "<svg").doesNotContain("NaN,");
    assertThat(html.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http:", "https:", "<script", "<link", " src=");
  }

  private static List<Run> runs() {
    var settled = List.of(new ObservedOrder(1, 1, 30, 100), new ObservedOrder(1, 1, 50, 120));
    var unsettled = List.of(new ObservedOrder(1, 0, 30, 0), new ObservedOrder(1, 0, 50, 0));
    return List.of(
        run("platform", "open, 600/s", 100, settled),
        run("baseline endpoint", "closed, 64", 800, null),
        run("one order-service", "closed, 64", 200, unsettled),
        run("baseline endpoint", "closed, 64", 600, null),
        run("one order-service", "closed, 64", 300, unsettled),
        run("baseline endpoint", "closed, 64", 1000, null),
        run("one order-service", "closed, 64", 900, unsettled),
        run("one order-service", "open, 150/s", 150, unsettled));
  }

  private static Run run(String target, String loop, int accepted, List<ObservedOrder> fates) {
    var load =
        new Load(
            1,
            Stream.generate(UUID::randomUUID).limit(accepted).toList(),
            Map.of(201, (long) accepted),
            0,
            0,
            Map.of(1.0, 2.0, 50.0, 8.0, 90.0, 11.0, 99.0, 20.0, 99.9, 30.0, 99.99, 44.0));
    var cpu = new TreeMap<>(Map.of("order-service", accepted * 1L, "kafka", accepted / 2L));
    return new Run(
        target, loop, load, 1000, cpu, fates == null ? null : OrderStatistics.of(fates, 0.5));
  }
}

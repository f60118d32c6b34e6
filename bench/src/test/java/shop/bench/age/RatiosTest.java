package shop.bench.age;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ratios of the turns, and which of them miss their goals. */
class RatiosTest {

  private static final Figure MEMORY = Figure.of("memory of redis", "MB", 1.1);
  private static final Figure RATE = Figure.rate("one order-service", "orders/s", 1.1);
  private static final Figure HOT = Figure.of("GET of a hot order, p50", "ms", 1.1);
  private static final Figure COLD = Figure.of("GET of a cold order, p50", "ms");

  @Test
  void theMedianOfTheTurnsCounts() {
    var ratios =
        new Ratios(
            List.of(Map.of(MEMORY, 100.0), Map.of(MEMORY, 200.0), Map.of(MEMORY, 100.0)),
            List.of(Map.of(MEMORY, 105.0), Map.of(MEMORY, 400.0), Map.of(MEMORY, 104.0)));

    assertThat(ratios.of(MEMORY)).isCloseTo(1.05, within(0.001));
  }

  @Test
  void aRateThatFallsIsAboveOne() {
    var ratios = new Ratios(List.of(Map.of(RATE, 3000.0)), List.of(Map.of(RATE, 1500.0)));

    assertThat(ratios.of(RATE)).isEqualTo(2);
  }

  @Test
  void whatMissesItsGoalIsNamed() {
    var young = Map.of(MEMORY, 100.0, HOT, 2.0, COLD, 3.0);
    var old = Map.of(MEMORY, 120.0, HOT, 2.0, COLD, 8.0);
    var printed = new ByteArrayOutputStream();

    new Ratios(List.of(young), List.of(old)).print(new PrintStream(printed, true, UTF_8));

    assertThat(printed.toString(UTF_8).lines().filter(line -> line.endsWith("missed")))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).startsWith("memory of redis, MB").contains("1.20"),
            line -> assertThat(line).contains("cold order to a hot one, old").contains("4.00"));
  }
}

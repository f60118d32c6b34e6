package shop.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which side of a split a customer is on. */
class SplitTest {

  private static final int CUSTOMERS = 10_000;
  private static final List<String> PRINCIPALS =
      IntStream.range(0, CUSTOMERS).mapToObj(number -> "principal:" + new UUID(7, number)).toList();

  @Test
  void sharesAreCloseToTheWeights() {
    var split = Split.of("release", List.of("canary=5", "beta=20", "stable=75"));

    // Three standard deviations of the binomial distribution are 65 to 130 of 10,000.
    assertThat(customersOn(split, 0)).isCloseTo(500, within(65L));
    assertThat(customersOn(split, 1)).isCloseTo(2_000, within(120L));
    assertThat(customersOn(split, 2)).isCloseTo(7_500, within(130L));
  }

  @Test
  void aSideThatGrowsTakesCustomersAndNobodyElseMoves() {
    var before = Split.of("release", List.of("canary=5", "beta=20", "stable=75"));
    var after = Split.of("release", List.of("canary=10", "beta=20", "stable=70"));
    int moved = 0;

    for (var principal : PRINCIPALS) {
      int from = before.side(principal);
      int to = after.side(principal);
      if (from != to) {
        moved++;
        assertThat(before.sides().get(from).name()).isNotEqualTo("canary");
      }
    }

    // To canary and, because its weight has grown in relation to stable's, to beta.
    assertThat(moved).isBetween(400, 700);
  }

  @Test
  void fromFiveToTenPercentMovesFivePercentOnly() {
    var before = Split.of("release", List.of("canary=5", "stable=95"));
    var after = Split.of("release", List.of("canary=10", "stable=90"));

    var moved = PRINCIPALS.stream().filter(one -> before.side(one) != after.side(one)).toList();

    assertThat(moved).allMatch(one -> after.side(one) == 0);
    assertThat((long) moved.size()).isCloseTo(500, within(65L));
  }

  @Test
  void theOrderOfTheSidesDoesNotMatter() {
    var one = Split.of("release", List.of("canary=30", "stable=70"));
    var other = Split.of("release", List.of("stable=70", "canary=30"));

    assertThat(PRINCIPALS).allMatch(principal -> one.side(principal) != other.side(principal));
  }

  @Test
  void eachSplitDividesTheCustomersAnew() {
    var one = Split.of("release", List.of("canary=50", "stable=50"));
    var other = Split.of("colors", List.of("canary=50", "stable=50"));

    long both = PRINCIPALS.stream().filter(it -> one.side(it) == 0 && other.side(it) == 0).count();

    assertThat(both).isCloseTo(CUSTOMERS / 4, within(150L));
  }

  /** Another result would move customers when gateways are updated one by one. */
  @Test
  void everyVersionOfTheGatewayDecidesAlike() {
    var split = Split.of("release", List.of("canary=50", "stable=50"));

    var sides = PRINCIPALS.stream().limit(16).map(it -> split.side(it)).toList();

    assertThat(sides.toString().replaceAll("[^01]", "")).isEqualTo("0011001110011110");
  }

  @Test
  void aSideWithoutWeightHasNobodyAndOneWithAllHasEverybody() {
    var split = Split.of("release", List.of("canary=0", "stable=100"));

    assertThat(PRINCIPALS).allMatch(principal -> split.side(principal) == 1);
  }

  @Test
  void invalidSidesAreRefused() {
    assertThatThrownBy(() -> Split.of("release", List.of("canary=5", "stable=90")))
        .hasMessage("the sides have 95 % together, not 100");
    assertThatThrownBy(() -> Split.of("release", List.of("a=50", "a=50")))
        .hasMessage("side a occurs twice");
    assertThatThrownBy(() -> Split.of("release", List.of("a=-1", "b=101")))
        .hasMessage("'a=-1' is no side; the form is SIDE=PERCENT, 0 to 100");
    assertThatThrownBy(() -> Split.of("release", List.of("a=NaN", "b=100")))
        .hasMessage("'a=NaN' is no side; the form is SIDE=PERCENT, 0 to 100");
  }

  private static long customersOn(Split split, int side) {
    return PRINCIPALS.stream().filter(principal -> split.side(principal) == side).count();
  }
}

package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Against the printed table of critical values. */
class ChiSquareTest {
  @Test
  void agreesWithTheTable() {
    assertThat(ChiSquare.upperGamma(0.5, 3.841 / 2)).isCloseTo(0.05, within(1e-4));
    assertThat(ChiSquare.upperGamma(4.5, 27.877 / 2)).isCloseTo(0.001, within(1e-5));
    assertThat(ChiSquare.upperGamma(4.5, 4.168 / 2)).isCloseTo(0.9, within(1e-3));
    assertThat(ChiSquare.upperGamma(50, 149.449 / 2)).isCloseTo(0.001, within(1e-5));
  }

  @Test
  void unevenCountsAreUnlikely() {
    assertThat(ChiSquare.p(new int[] {1000, 1000, 1000}, new double[] {1, 1, 1})).isEqualTo(1);
    assertThat(ChiSquare.p(new int[] {1100, 1000, 900}, new double[] {1, 1, 1})).isLessThan(1e-4);
  }
}

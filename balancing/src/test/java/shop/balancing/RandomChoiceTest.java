package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.balancing.TestEndpoints.candidates;
import static shop.balancing.TestEndpoints.excluding;
import static shop.balancing.TestEndpoints.random;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomChoiceTest {
  private static final double[] WEIGHTS = {5, 1, 1, 0.5, 2.25, 1, 1, 8, 1, 0.1};

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void sharesAreThoseOfTheWeights(long seed) {
    assertThat(p(seed, WEIGHTS, -1)).isGreaterThan(0.001);
  }

  @Test
  void equalWeightsHaveEqualShares() {
    double[] equal = new double[10];
    Arrays.fill(equal, 0.7);

    assertThat(p(1, equal, -1)).isGreaterThan(0.001);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 9})
  void withoutATriedOneTheOthersKeepTheirProportions(int tried) {
    assertThat(p(1, WEIGHTS, tried)).isGreaterThan(0.001);
  }

  private static double p(long seed, double[] weights, int tried) {
    Candidates candidates = candidates(weights);
    RandomChoice balancer = new RandomChoice(candidates, random(seed));
    Call call = tried < 0 ? TestEndpoints.call() : excluding(candidates.get(tried));
    int[] counts = new int[weights.length];
    for (int i = 0; i < 100_000; i++) {
      counts[candidates.endpoints().indexOf(balancer.pick(call))]++;
    }
    if (tried < 0) {
      return ChiSquare.p(counts, weights);
    }
    assertThat(counts[tried]).isZero();
    return ChiSquare.p(without(counts, tried), without(weights, tried));
  }

  private static int[] without(int[] numbers, int index) {
    return IntStream.range(0, numbers.length)
        .filter(i -> i != index)
        .map(i -> numbers[i])
        .toArray();
  }

  private static double[] without(double[] numbers, int index) {
    return IntStream.range(0, numbers.length)
        .filter(i -> i != index)
        .mapToDouble(i -> numbers[i])
        .toArray();
  }
}

package shop.balancing;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Draws indexes in proportion to weights, in constant time: Walker's alias method as built by Vose
 * (1991). Each column holds its own index up to a threshold and another one above it.
 */
final class AliasTable {
  private final double[] threshold;
  private final int[] alias;

  AliasTable(Endpoint[] endpoints) {
    int n = endpoints.length;
    threshold = new double[n];
    alias = new int[n];
    double sum = Arrays.stream(endpoints).mapToDouble(Endpoint::weight).sum();
    int[] small = new int[n];
    int[] large = new int[n];
    int smalls = 0;
    int larges = 0;
    for (int i = 0; i < n; i++) {
      threshold[i] = endpoints[i].weight() * n / sum;
      alias[i] = i;
      if (threshold[i] < 1) {
        small[smalls++] = i;
      } else {
        large[larges++] = i;
      }
    }
    while (smalls > 0 && larges > 0) {
      int filled = small[--smalls];
      int donor = large[larges - 1];
      alias[filled] = donor;
      threshold[donor] -= 1 - threshold[filled];
      if (threshold[donor] < 1) {
        larges--;
        small[smalls++] = donor;
      }
    }
    // What is left differs from 1 by rounding alone; its alias is itself.
  }

  /** An index below the number of endpoints, of which there must be one. */
  int draw(RandomGenerator random) {
    int column = random.nextInt(alias.length);
    return random.nextDouble() < threshold[column] ? column : alias[column];
  }
}

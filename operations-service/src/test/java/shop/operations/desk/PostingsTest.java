package shop.operations.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class PostingsTest {

  private static final int MAX = 20_000;

  @Property(tries = 200)
  void theListContainsExactlyTheAddedNumbers(
      @ForAll @DoubleRange(max = 1) double share,
      @ForAll @DoubleRange(max = 1) double stickiness,
      @ForAll long seed) {
    var postings = new Postings(new OffHeapMemory());
    int[] numbers = numbers(share, stickiness, new Random(seed));

    for (int number : numbers) {
      postings.add(number);
    }

    assertThat(postings.bits().stream().toArray()).isEqualTo(numbers);
  }

  @Example
  void aRunOfConsecutiveNumbersTakesAFewBytes() {
    var postings = new Postings(new OffHeapMemory());
    IntStream.range(7, 100_000).forEach(postings::add);
    postings.add(100_001);

    assertThat(postings.size()).isLessThan(8);
    assertThat(postings.bits().cardinality()).isEqualTo(100_000 - 7 + 1);
  }

  @Example
  void aNumberAmongAFewDozenTakesAByte() {
    var postings = new Postings(new OffHeapMemory());
    IntStream.range(0, 10_000).map(i -> 50 * i).forEach(postings::add);

    assertThat(postings.size()).isLessThan(10_000);
  }

  /**
   * Ascending numbers: with the probability {@code stickiness} a number is included iff the
   * previous one is, otherwise with the probability {@code share}.
   */
  private static int[] numbers(double share, double stickiness, Random random) {
    boolean included = false;
    var numbers = IntStream.builder();
    for (int i = 0; i < MAX; i++) {
      included = random.nextDouble() < stickiness ? included : random.nextDouble() < share;
      if (included) {
        numbers.add(i);
      }
    }
    return numbers.build().toArray();
  }
}

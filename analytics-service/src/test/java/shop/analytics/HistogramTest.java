package shop.analytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.constraints.NotEmpty;
import shop.common.json.Json;

class HistogramTest {

  @Property(tries = 300)
  void partsAddUpToTheWholeInAnyOrder(
      @ForAll("durations") List<Long> a,
      @ForAll("durations") List<Long> b,
      @ForAll("durations") List<Long> c) {
    var whole = of(a).plus(of(b)).plus(of(c));

    assertThat(of(a).plus(of(b).plus(of(c)))).isEqualTo(whole);
    assertThat(of(c).plus(of(a)).plus(of(b))).isEqualTo(whole);
    assertThat(whole.plus(Histogram.EMPTY)).isEqualTo(whole);
    assertThat(whole.count()).isEqualTo(a.size() + b.size() + c.size());
  }

  @Property(tries = 300)
  void percentileIsWithinTheRelativeErrorOfTheTrueOne(
      @ForAll("durations") @NotEmpty List<Long> millis) {
    var sorted = millis.stream().sorted().toList();
    for (double share : List.of(0.5, 0.95, 0.99, 1.0)) {
      long truth = sorted.get((int) Math.ceil(share * sorted.size()) - 1);

      assertThat((double) of(millis).percentile(share).orElseThrow())
          .isCloseTo((double) truth, within(Math.max(1, truth * Histogram.RELATIVE_ERROR + 0.5)));
    }
  }

  @Property(tries = 100)
  void histogramEqualsItselfAfterAJsonRoundTrip(@ForAll("durations") List<Long> millis) {
    assertThat(Json.read(Json.bytes(of(millis)), Histogram.class)).isEqualTo(of(millis));
  }

  @Example
  void emptyHistogramHasNoPercentile() {
    assertThat(Histogram.EMPTY.percentile(0.5)).isEmpty();
  }

  @Example
  void durationsOutsideTheBoundsCountInTheFirstAndLastBin() {
    assertThat(Histogram.of(Duration.ofMillis(-5)).percentile(1)).hasValue(1);
    assertThat(Histogram.of(Duration.ofDays(4000)).percentile(1).orElseThrow())
        .isLessThan(1L << 32);
  }

  @Example
  void indexOutOfRangeIsRejected() {
    assertThatThrownBy(() -> Json.read("{\"257\":1}".getBytes(UTF_8), Histogram.class))
        .hasMessageContaining("Invalid histogram count");
  }

  @Provide
  Arbitrary<List<Long>> durations() {
    return Arbitraries.longs()
        .between(1, 1L << 32)
        .withDistribution(RandomDistribution.biased())
        .list()
        .ofMaxSize(200);
  }

  private static Histogram of(List<Long> millis) {
    return millis.stream()
        .map(Duration::ofMillis)
        .map(Histogram::of)
        .reduce(Histogram.EMPTY, Histogram::plus);
  }
}

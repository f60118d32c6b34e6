package shop.bench.gateway;

import static shop.bench.platform.Figures.percentile;
import static shop.bench.platform.Figures.text;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * One target's figure to another's, turn by turn.
 *
 * @param name in the table
 * @param bar that its median should not exceed; 0 for none
 * @param paired the ratio in each turn
 */
record Ratio(String name, double bar, List<Double> paired) {

  static Ratio of(
      String name,
      double bar,
      ToDoubleFunction<Sample> figure,
      List<Sample> samples,
      List<Sample> reference) {
    return new Ratio(
        name,
        bar,
        IntStream.range(0, samples.size())
            .mapToDouble(turn ->
                figure.applyAsDouble(samples.get(turn)) / figure.applyAsDouble(reference.get(turn)))
            .boxed()
            .toList());
  }

  double median() {
    return at(0.5);
  }

  private double at(double share) {
    return percentile(paired.stream().mapToDouble(Double::doubleValue).toArray(), share);
  }

  @Override
  public String toString() {
    return text(
        "%-62s %6.2f  (%.2f to %.2f)  %s",
        name,
        median(),
        at(0),
        at(1),
        bar == 0 ? "" : text("≤ %s: %s", bar, median() <= bar ? "met" : "missed"));
  }
}

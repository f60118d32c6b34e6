package shop.balancing;

/**
 * Pearson's chi-square test of counts against expected shares. The p-value is the regularised upper
 * incomplete gamma function Q(degrees / 2, statistic / 2), by its series or its continued fraction
 * (Press et al., Numerical Recipes, section 6.2).
 */
final class ChiSquare {
  private static final double PRECISION = 1e-12;

  private ChiSquare() {}

  /** How likely counts at least this uneven are, if the weights are the true shares. */
  static double p(int[] counts, double[] weights) {
    double total = 0;
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      total += counts[i];
      sum += weights[i];
    }
    double statistic = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = total * weights[i] / sum;
      statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    return upperGamma((counts.length - 1) / 2.0, statistic / 2);
  }

  static double upperGamma(double a, double x) {
    if (x <= 0) {
      return 1;
    }
    double scale = Math.exp(-x + a * Math.log(x) - logGamma(a));
    return x < a + 1 ? 1 - scale * series(a, x) : scale * fraction(a, x);
  }

  private static double series(double a, double x) {
    double term = 1 / a;
    double sum = term;
    for (double n = a + 1; term > sum * PRECISION; n++) {
      term *= x / n;
      sum += term;
    }
    return sum;
  }

  /** Lentz's method. */
  private static double fraction(double a, double x) {
    double b = x + 1 - a;
    double c = 1e300;
    double d = 1 / b;
    double h = d;
    double delta = 0;
    for (int i = 1; Math.abs(delta - 1) > PRECISION; i++) {
      double an = -i * (i - a);
      b += 2;
      d = 1 / (an * d + b);
      c = b + an / c;
      delta = d * c;
      h *= delta;
    }
    return h;
  }

  /** Of a positive multiple of one half, by the recurrence of the gamma function. */
  private static double logGamma(double a) {
    double start = a == Math.rint(a) ? 1 : 0.5;
    double log = start == 1 ? 0 : Math.log(Math.PI) / 2;
    for (double factor = start; factor < a; factor++) {
      log += Math.log(factor);
    }
    return log;
  }
}

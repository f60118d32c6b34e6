package shop.bench.orders;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The options of {@code ./measure orders}.
 *
 * @param only the targets: {@code platform}, {@code baseline}, {@code direct}
 * @param warmUp seconds before the first run of a target, at least 40 for the JIT compilers
 * @param seconds of a run, 5 to 120
 * @param runs of each target and loop, 1 to 10
 * @param connections of the closed loop, 1 to 256
 * @param rate orders per second of the open loop against the whole platform, 1 to 5000
 * @param drain maximum seconds to wait until the accepted orders are settled
 * @param customers number of accounts, used in rotation
 */
record Options(
    List<String> only,
    int warmUp,
    int seconds,
    int runs,
    int connections,
    int rate,
    int drain,
    int customers) {

  private static final List<String> TARGETS = List.of("platform", "baseline", "direct");

  static Options of(String[] arguments) {
    Map<String, String> remaining = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
        throw new IllegalArgumentException("Options are written --name value: " + arguments[i]);
      }
      remaining.put(arguments[i].substring(2), arguments[i + 1]);
    }
    var only = remaining.remove("only");
    var options =
        new Options(
            only == null ? TARGETS : Arrays.asList(only.split(",", -1)),
            number(remaining, "warm-up", 40, 0, 600),
            number(remaining, "seconds", 20, 5, 120),
            number(remaining, "runs", 3, 1, 10),
            number(remaining, "connections", 64, 1, 256),
            number(remaining, "rate", 600, 1, 5000),
            number(remaining, "drain", 600, 1, 3600),
            number(remaining, "customers", 32, 1, 200));
    if (!remaining.isEmpty()) {
      throw new IllegalArgumentException("Unknown options " + remaining.keySet());
    }
    if (!TARGETS.containsAll(options.only)) {
      throw new IllegalArgumentException("--only must be a list of " + TARGETS);
    }
    return options;
  }

  private static int number(
      Map<String, String> remaining, String name, int defaultValue, int min, int max) {
    String text = remaining.remove(name);
    int number = text == null ? defaultValue : Integer.parseInt(text);
    if (number < min || number > max) {
      throw new IllegalArgumentException("--%s must be %d to %d".formatted(name, min, max));
    }
    return number;
  }
}

package shop.bench.orders;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is measured, and how long.
 *
 * @param only the targets, of {@code platform}, {@code bare} and {@code direct}
 * @param warmUp seconds before the first run of a target, at least 40: the compilers need them
 * @param seconds of a run, 5 to 120
 * @param runs of each target and loop, 1 to 10
 * @param connections of the closed loop, 1 to 256
 * @param rate orders a second that the open loop sends to the whole platform, 1 to 5000
 * @param drain seconds to wait at most for what was accepted to be settled
 * @param customers accounts that order in turn
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

  private static final List<String> TARGETS = List.of("platform", "bare", "direct");

  static Options of(String[] arguments) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
        throw new IllegalArgumentException("Options are written --name value: " + arguments[i]);
      }
      given.put(arguments[i].substring(2), arguments[i + 1]);
    }
    var only = given.remove("only");
    var options =
        new Options(
            only == null ? TARGETS : Arrays.asList(only.split(",", -1)),
            number(given, "warm-up", 40, 0, 600),
            number(given, "seconds", 20, 5, 120),
            number(given, "runs", 3, 1, 10),
            number(given, "connections", 64, 1, 256),
            number(given, "rate", 600, 1, 5000),
            number(given, "drain", 600, 1, 3600),
            number(given, "customers", 32, 1, 200));
    if (!given.isEmpty()) {
      throw new IllegalArgumentException("There is no option " + given.keySet());
    }
    if (!TARGETS.containsAll(options.only)) {
      throw new IllegalArgumentException("--only takes some of " + TARGETS);
    }
    return options;
  }

  private static int number(
      Map<String, String> given, String name, int usual, int least, int most) {
    String text = given.remove(name);
    int number = text == null ? usual : Integer.parseInt(text);
    if (number < least || number > most) {
      throw new IllegalArgumentException("--%s takes %d to %d".formatted(name, least, most));
    }
    return number;
  }
}

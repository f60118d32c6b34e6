package shop.bench.orders;

import java.util.Arrays;
import java.util.List;
import shop.bench.platform.Arguments;

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
 * @param ship whether orders are shipped when they are confirmed, so that they can leave Redis
 */
record Options(
    List<String> only,
    int warmUp,
    int seconds,
    int runs,
    int connections,
    int rate,
    int drain,
    int customers,
    boolean ship) {

  private static final List<String> TARGETS = List.of("platform", "baseline", "direct");

  static Options of(String[] arguments) {
    var given = new Arguments(arguments);
    var options =
        new Options(
            Arrays.asList(given.text("only", String.join(",", TARGETS)).split(",", -1)),
            given.number("warm-up", 40, 0, 600),
            given.number("seconds", 20, 5, 120),
            given.number("runs", 3, 1, 10),
            given.number("connections", 64, 1, 256),
            given.number("rate", 600, 1, 5000),
            given.number("drain", 600, 1, 3600),
            given.number("customers", 32, 1, 200),
            given.number("ship", 0, 0, 1) == 1);
    given.requireNoOthers();
    if (!TARGETS.containsAll(options.only)) {
      throw new IllegalArgumentException("--only must be a list of " + TARGETS);
    }
    return options;
  }
}

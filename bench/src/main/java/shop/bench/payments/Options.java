package shop.bench.payments;

import shop.bench.platform.Arguments;

/**
 * The options of {@code ./measure payments}.
 *
 * @param warmUp seconds before the first run
 * @param orders placed at once to measure the throughput
 * @param rate orders per second where latencies are measured
 * @param seconds of a run at a constant rate
 * @param runs of each kind
 * @param record 1 to record a CPU profile of payment-service
 */
record Options(int warmUp, int orders, int rate, int seconds, int runs, int record) {

  static Options of(String[] arguments) {
    var given = new Arguments(arguments);
    var options =
        new Options(
            given.number("warm-up", 40, 0, 600),
            given.number("orders", 10_000, 100, 100_000),
            given.number("rate", 100, 1, 2_000),
            given.number("seconds", 20, 1, 300),
            given.number("runs", 3, 1, 10),
            given.number("record", 0, 0, 1));
    given.requireNoOthers();
    return options;
  }

  boolean isRecorded() {
    return record == 1;
  }
}

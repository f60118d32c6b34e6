package shop.bench.gateway;

import shop.bench.platform.Arguments;

/**
 * The options of {@code ./measure gateway}.
 *
 * @param warmUp seconds of load on each target before the first turn
 * @param turns how often all targets are measured one after the other
 * @param seconds of load on one target in a turn
 * @param connections of the load tool
 * @param record 1 to record a CPU profile of the gateway
 */
record Options(int warmUp, int turns, int seconds, int connections, int record) {

  static Options of(String[] arguments) {
    var given = new Arguments(arguments);
    var options =
        new Options(
            given.number("warm-up", 20, 0, 600),
            given.number("turns", 7, 1, 50),
            given.number("seconds", 5, 1, 60),
            given.number("connections", 32, 1, 512),
            given.number("record", 0, 0, 1));
    given.requireNoOthers();
    return options;
  }

  boolean isRecorded() {
    return record == 1;
  }
}

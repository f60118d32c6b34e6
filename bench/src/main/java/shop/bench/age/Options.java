package shop.bench.age;

import java.nio.file.Path;
import java.time.Duration;
import shop.bench.platform.Arguments;

/**
 * The options of {@code ./measure age}.
 *
 * @param young orders of the young platform
 * @param old orders of the old one
 * @param days over which the young platform's orders were placed; the old one's are as far apart,
 *     so as many of both are open and recent
 * @param folder of all data folders
 * @param turns how often each platform is measured
 * @param warmUp seconds of load before orders/s are measured
 * @param seconds of load in which orders/s are measured
 * @param idle seconds between the start and the measurement of memory
 * @param portOffset added to every port
 * @param preparedLife hours for which a prepared folder is used again; later, its recent orders
 *     would be older than Redis keeps them
 */
record Options(
    int young,
    int old,
    int days,
    Path folder,
    int turns,
    int warmUp,
    int seconds,
    int idle,
    int portOffset,
    int preparedLife) {

  static Options of(String[] arguments, Path defaultFolder) {
    var given = new Arguments(arguments);
    var options =
        new Options(
            given.number("young", 100_000, 500, 10_000_000),
            given.number("old", 1_000_000, 500, 10_000_000),
            given.number("days", 30, 5, 365),
            Path.of(given.text("folder", defaultFolder.toString())).toAbsolutePath().normalize(),
            given.number("turns", 2, 1, 9),
            given.number("warm-up", 30, 0, 600),
            given.number("seconds", 20, 5, 120),
            given.number("idle", 30, 0, 600),
            given.number("port-offset", 300, -7000, 13_000),
            given.number("prepared-life", 12, 0, 36));
    given.requireNoOthers();
    return options;
  }

  /** The time between two orders of either platform. */
  Duration interval() {
    return Duration.ofDays(days).dividedBy(young);
  }
}

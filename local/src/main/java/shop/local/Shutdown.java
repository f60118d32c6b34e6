package shop.local;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import shop.local.os.OsProcess;

/** Stops every process on record in the order that lets each finish its work. */
final class Shutdown {
  private static final Duration GRACE = Duration.ofSeconds(30);
  // After the services: first those whose data others need last.
  private static final List<String> BROKERS =
      List.of("mail", "rabbitmq", "rabbitmq-epmd", "kafka", "redis");

  private Shutdown() {}

  /** The processes on record that are alive, in that order. */
  static List<OsProcess> alive(Layout layout) {
    return OsProcess.findAll(layout.run()).stream()
        .sorted(Comparator.comparingInt(process -> BROKERS.indexOf(process.name())))
        .toList();
  }

  static void run(Layout layout) {
    var all = alive(layout);
    stop(all.stream().filter(process -> !BROKERS.contains(process.name())).toList());
    stop(all.stream().filter(process -> BROKERS.contains(process.name())).toList());
    OsProcess.forgetAll(layout.run());
  }

  /** All are asked at once, and share the time they are given. */
  private static void stop(List<OsProcess> processes) {
    processes.forEach(OsProcess::terminate);
    var deadline = System.nanoTime() + GRACE.toNanos();
    for (var process : processes) {
      process.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
  }
}

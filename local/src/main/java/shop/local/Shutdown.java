package shop.local;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import shop.local.os.OsProcess;

/**
 * Stops every process that has a pid file, in an order that lets each complete its work: services
 * first, then the brokers.
 */
public final class Shutdown {
  private static final Duration GRACE = Duration.ofSeconds(30);
  // In the order in which they are terminated: those on which others depend come last.
  private static final List<String> BROKERS =
      List.of("mail", "rabbitmq", "rabbitmq-epmd", "kafka", "postgres", "redis", "redis-sessions");

  private Shutdown() {}

  /** The running processes, in that order. */
  public static List<OsProcess> running(DataFolders folders) {
    return OsProcess.findAll(folders.run()).stream()
        .sorted(Comparator.comparingInt(process -> BROKERS.indexOf(process.name())))
        .toList();
  }

  /** Stops them, and returns when all have exited. */
  public static void run(DataFolders folders) {
    var all = running(folders);
    stop(all.stream().filter(process -> !BROKERS.contains(process.name())).toList(), GRACE);
    stop(all.stream().filter(process -> BROKERS.contains(process.name())).toList(), GRACE);
    OsProcess.deleteStalePidFiles(folders.run());
  }

  /** Stops them in the same order, two at a time, each pair within the grace period. */
  static void inPairs(DataFolders folders, Duration grace) {
    var all = running(folders);
    for (int i = 0; i < all.size(); i += 2) {
      stop(all.subList(i, Math.min(i + 2, all.size())), grace);
    }
    OsProcess.deleteStalePidFiles(folders.run());
  }

  /** Terminates all at once. They share one grace period; then each that still runs is killed. */
  private static void stop(List<OsProcess> processes, Duration grace) {
    processes.forEach(OsProcess::terminate);
    var deadline = System.nanoTime() + grace.toNanos();
    for (var process : processes) {
      process.awaitExitOrKill(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
  }
}

package shop.local.launch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import shop.local.Supervision;
import shop.local.os.OsProcess;

/** The table of {@code ./start --status}. */
final class Status {
  private static final long MEGABYTE = 1024L * 1024;

  private Status() {}

  /** A line for each component, and for each process that belongs to none. */
  static List<String> lines(
      List<Supervision.Entry> supervised, List<OsProcess> running, Instant now) {
    var processes =
        running.stream()
            .collect(
                Collectors.toMap(OsProcess::name, process -> process, (a, _) -> a, HashMap::new));
    var lines = new ArrayList<String>();
    lines.add(row("", "state", "process", "for", "restarts", "memory", "ports"));
    for (var entry : supervised) {
      var process = processes.remove(entry.name());
      var ports = entry.ports().stream().map(String::valueOf).collect(Collectors.joining(" "));
      lines.add(row(entry.name(), state(entry, process), entry.restarts(), ports, process, now));
    }
    new TreeMap<>(processes)
        .forEach((name, process) -> lines.add(row(name, "running", null, "", process, now)));
    return lines;
  }

  // The file may be older than a crash, and it stays when the launcher is killed.
  private static String state(Supervision.Entry entry, @Nullable OsProcess process) {
    return switch (entry.state()) {
      case RUNNING -> process == null ? "exited" : "running";
      case EXITED -> "exited";
      case STARTING -> "starting";
      case GIVEN_UP -> "GIVEN UP";
    };
  }

  private static String row(
      String name,
      String state,
      @Nullable Integer restarts,
      String ports,
      @Nullable OsProcess process,
      Instant now) {
    return row(
        name,
        state,
        process == null ? "" : String.valueOf(process.pid()),
        process == null
            ? ""
            : process.started().map(at -> age(Duration.between(at, now))).orElse(""),
        restarts == null ? "" : String.valueOf(restarts),
        process == null ? "" : memory(process),
        ports);
  }

  private static String row(Object... columns) {
    return String.format(Locale.ROOT, "  %-22s %-9s %7s %9s %8s %9s  %s", columns).stripTrailing();
  }

  private static String memory(OsProcess process) {
    var bytes = process.residentMemory();
    return bytes.isPresent() ? bytes.getAsLong() / MEGABYTE + " MB" : "";
  }

  /** The two largest units, for example {@code 3 h 5 m}. */
  static String age(Duration age) {
    if (age.toHours() > 0) {
      return age.toHours() + " h " + age.toMinutesPart() + " m";
    }
    return age.toMinutes() > 0
        ? age.toMinutes() + " m " + age.toSecondsPart() + " s"
        : Math.max(0, age.toSeconds()) + " s";
  }
}

package shop.local.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A file with the id and the start time of a process, so that another process that got the same id
 * later is never signalled, and with the signal that requests its end.
 */
final class PidFile {
  static final String DEFAULT_STOP_SIGNAL = "TERM";

  // The kernel counts the start in clock ticks since boot; the clock may be corrected since then.
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private PidFile() {}

  /**
   * What the file says.
   *
   * @param stopSignal the name of a signal without SIG
   */
  record Entry(ProcessHandle process, String stopSignal) {}

  static void write(Path file, Entry entry) {
    var process = entry.process;
    var started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      var temporary = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(temporary, process.pid() + " " + started + " " + entry.stopSignal + "\n");
      Files.move(
          temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process that the file was written for, if it is still alive. */
  static Optional<Entry> read(Path file) {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      var fields = Files.readString(file).trim().split(" ", -1);
      var started = Instant.ofEpochMilli(Long.parseLong(fields[1]));
      return ProcessHandle.of(Long.parseLong(fields[0]))
          .filter(PidFile::alive)
          .filter(process -> sameStart(process, started))
          .map(process -> new Entry(process, fields.length > 2 ? fields[2] : DEFAULT_STOP_SIGNAL));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new LaunchException(
          file
              + " does not contain a process id and a start time. Stop its process if it still runs (see: ps aux), then delete the file.",
          e);
    }
  }

  /**
   * Whether any thread of the process still runs and so holds its files and ports. False for a
   * zombie, which has exited and waits for its parent, or process 1, to reap it.
   */
  static boolean alive(ProcessHandle process) {
    if (!process.isAlive()) {
      return false;
    }
    var status = Path.of("/proc", String.valueOf(process.pid()), "stat");
    try {
      return !Files.exists(status) || !hasExited(Files.readString(status));
    } catch (IOException unreadable) {
      return process.isAlive();
    }
  }

  // proc(5): after the name in parentheses come the state, sixteen more fields, and num_threads.
  private static boolean hasExited(String status) {
    var fields = status.substring(status.lastIndexOf(')') + 2).split(" ", -1);
    return fields[0].equals("Z") && fields[17].equals("1");
  }

  private static boolean sameStart(ProcessHandle process, Instant started) {
    return process
        .info()
        .startInstant()
        .map(actual -> Duration.between(actual, started).abs().compareTo(TOLERANCE) < 0)
        .orElse(true);
  }
}

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
 * A process on record: its id and the instant it started, so that a reused id is never signalled.
 */
final class PidFile {
  // The start is counted in clock ticks since boot; the clock may be corrected meanwhile.
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private PidFile() {}

  static void write(Path file, ProcessHandle process) {
    var started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      var fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(fresh, process.pid() + " " + started + "\n");
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process named in the file, if that very process is still alive. */
  static Optional<ProcessHandle> read(Path file) {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      var fields = Files.readString(file).trim().split(" ", -1);
      var started = Instant.ofEpochMilli(Long.parseLong(fields[1]));
      return ProcessHandle.of(Long.parseLong(fields[0]))
          .filter(PidFile::alive)
          .filter(process -> sameStart(process, started));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new Failure(file + " is damaged. Delete it after a look at: ps aux", e);
    }
  }

  /**
   * Also false for one that has ended and that its parent, or process 1, has not yet reaped; but
   * true until its last thread is gone, because that one still holds the files and the ports.
   */
  static boolean alive(ProcessHandle process) {
    if (!process.isAlive()) {
      return false;
    }
    var status = Path.of("/proc", String.valueOf(process.pid()), "stat");
    try {
      return !Files.exists(status) || !ended(Files.readString(status));
    } catch (IOException gone) {
      return process.isAlive();
    }
  }

  // proc(5): after the name in parentheses come the state, sixteen more fields, and num_threads.
  private static boolean ended(String status) {
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
